import { execFileSync } from 'node:child_process'
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkOutputs, fileSink, isStream, readTable, unreadable, writeText } from '../../files/index.ts'
import { Fault, faultText } from '../../messages/index.ts'
import { put, temporaryFolder } from '../temporary.ts'

const folder = temporaryFolder()
const posix = process.platform !== 'win32'

function told(run: () => unknown): readonly [string, string] {
  try {
    run()
  } catch (error) {
    if (error instanceof Fault) return [faultText(error, 'zh'), faultText(error, 'en')]
    throw error
  }
  throw new Error('no fault')
}

describe('a file that is written', () => {
  it('takes its name when it is whole, and leaves no trace when it is given up', () => {
    const file = put(folder, 'kept.csv', 'old')
    const sink = fileSink(file)
    sink.write('new')
    expect(readFileSync(file, 'utf8')).toBe('old')
    sink.abort()
    expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['old', ['kept.csv']])
    writeText(join(folder, 'a', 'b.txt'), 'deep')
    expect(readFileSync(join(folder, 'a', 'b.txt'), 'utf8')).toBe('deep')
  })

  it.runIf(posix)('follows a link, which stays one', () => {
    const file = put(folder, 'real.csv', 'old')
    const link = join(folder, 'link.csv')
    symlinkSync(file, link)
    writeText(link, 'new')
    expect([lstatSync(link).isSymbolicLink(), readFileSync(file, 'utf8')]).toEqual([true, 'new'])
  })

  it.runIf(posix)('leaves a device or a pipe where it stands', () => {
    expect([isStream('/dev/null'), isStream(folder), isStream(join(folder, 'none'))]).toEqual([true, false, false])
    writeText('/dev/null', 'gone')
    expect(statSync('/dev/null').isFile()).toBe(false)
    const pipe = join(folder, 'pipe')
    const writer = `const [, pipe, door] = process.argv; (await import(door)).writeText(pipe, 'through')`
    const door = join(import.meta.dirname, '..', '..', 'files', 'index.ts')
    const script = 'mkfifo "$0"; cat "$0" & "$1" --input-type=module -e "$2" "$0" "$3"; wait'
    const given = execFileSync('sh', ['-c', script, pipe, process.execPath, writer, door])
    expect([String(given), isStream(pipe)]).toEqual(['through', true])
    rmSync(pipe)
  })

  it('is refused in place of a folder, before anything is written', () => {
    const place = join(folder, 'taken')
    mkdirSync(place)
    expect(told(() => fileSink(place))).toEqual([
      `FIL-006 ${place}  这是文件夹，不能当作文件写入。请写出其中的文件名。`,
      `FIL-006 ${place}  This is a folder; no file can be written in its place. Name a file in it.`,
    ])
    const below = join(put(folder, 'file', ''), 'below.csv')
    expect(told(() => fileSink(below))[1]).toBe(
      `FIL-006 ${below}  A part of the path is a file, not a folder. Check the path.`,
    )
  })
})

describe('outputs are seen to before any work', () => {
  it('that lie in a file, or would take the place of a folder', () => {
    const file = put(folder, 'a-file', '')
    const deep = join(file, 'x', 'y.csv')
    expect(told(() => checkOutputs([deep], []))[1]).toBe(
      `FIL-006 ${deep}  A part of the path is a file, not a folder. Check the path.`,
    )
    expect(told(() => checkOutputs([folder], []))[1]).toContain('This is a folder')
    expect(told(() => checkOutputs([file], [file]))[1]).toContain('FIL-007')
    checkOutputs([join(folder, 'new', 'deep', 'z.csv'), ...(posix ? ['/dev/null'] : [])], [file])
    expect(readdirSync(folder)).not.toContain('new')
  })

  it.runIf(posix && process.getuid?.() !== 0)('that lie where nothing may be written', () => {
    expect(told(() => checkOutputs(['/none.csv'], []))[1]).toContain('There is no permission to write here.')
  })
})

describe('a file that cannot be read', () => {
  it('is told in words', () => {
    expect(told(() => readTable(folder))).toEqual([
      `FIL-001 ${folder}  这是文件夹，不是文件。请写出其中的文件。`,
      `FIL-001 ${folder}  This is a folder, not a file. Name a file in it.`,
    ])
    const unread = (code: string): string => faultText(unreadable('x', Object.assign(new Error(), { code })), 'en')
    expect(unread('EACCES')).toBe('FIL-001 x  There is no permission to read the file. Get the permission first.')
    expect(unread('EIO')).toBe('FIL-001 x  The file cannot be read (EIO). Check the path and the permissions.')
  })
})
