import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { home } from '../files/index.ts'
import { Fault, nearest } from '../messages/index.ts'

/** The scenarios that ship with the program, by name. */
export function shippedScenarios(): readonly { readonly name: string; readonly file: string }[] {
  return [home('policies', 'scenarios'), home('policies', 'scenarios', 'questions')]
    .filter(folder => existsSync(folder))
    .flatMap(folder =>
      readdirSync(folder)
        .filter(name => name.endsWith('.yaml'))
        .sort()
        .map(name => ({ name: basename(name, '.yaml'), file: join(folder, name) })),
    )
}

/** The file of a scenario: a path, or the name of a shipped one. */
export function scenarioFile(name: string): string {
  if (existsSync(name)) return name
  const shipped = shippedScenarios()
  const found = shipped.find(one => one.name === name)
  if (found !== undefined) return found.file
  const guess = nearest(
    name,
    shipped.map(one => one.name),
  )
  throw new Fault({
    code: 'SCN-014',
    at: { file: name },
    what: {
      zh: '没有这个情景文件，也没有同名的内置情景。',
      en: 'There is no such scenario file, nor a shipped scenario of that name.',
    },
    fix:
      guess === undefined
        ? { zh: '用 dianzhi scenario list 列出内置情景。', en: 'dianzhi scenario list lists the shipped ones.' }
        : { zh: `是否要写 ${guess}？`, en: `Did you mean ${guess}?` },
  })
}

/** Scenario files of a path: itself, or the YAML files of a folder in order of their names. */
export function scenarioFiles(path: string): string[] {
  const files =
    existsSync(path) && statSync(path).isDirectory()
      ? readdirSync(path)
          .filter(name => /\.ya?ml$/.test(name))
          .sort()
          .map(name => join(path, name))
      : [scenarioFile(path)]
  if (files.length > 0) return files
  throw new Fault({
    code: 'SCN-004',
    at: { file: path },
    what: { zh: '文件夹中没有情景文件。', en: 'The folder holds no scenario.' },
    fix: { zh: '请放入至少一个 .yaml 情景文件。', en: 'Put at least one .yaml scenario there.' },
  })
}
