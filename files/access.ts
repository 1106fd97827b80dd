import { Fault, type Text } from '../messages/index.ts'

interface Reason {
  readonly what: Text
  readonly fix: Text
}

const CHECK_PATH: Text = { zh: '请检查路径。', en: 'Check the path.' }
const NO_FOLDER: Reason = {
  what: { zh: '路径中有一段是文件，不是文件夹。', en: 'A part of the path is a file, not a folder.' },
  fix: CHECK_PATH,
}
const NOT_ALLOWED: Reason = {
  what: { zh: '没有写入权限。', en: 'There is no permission to write here.' },
  fix: { zh: '请换一个位置，或先取得权限。', en: 'Choose another place, or get the permission.' },
}
const NO_SPACE: Reason = {
  what: { zh: '磁盘空间不足。', en: 'There is no space left.' },
  fix: { zh: '请腾出空间，或换一个位置，再重新运行。', en: 'Free some, or choose another place; then run it again.' },
}
const IN_USE: Reason = {
  what: { zh: '文件正被其他程序（如 Excel）打开。', en: 'Another program (such as Excel) has the file open.' },
  fix: { zh: '请先关闭，再重新运行。', en: 'Close it there, then run again.' },
}

const NO_READING: Readonly<Record<string, Reason>> = {
  ENOENT: { what: { zh: '没有这个文件。', en: 'There is no such file.' }, fix: CHECK_PATH },
  ENOTDIR: NO_FOLDER,
  EISDIR: {
    what: { zh: '这是文件夹，不是文件。', en: 'This is a folder, not a file.' },
    fix: { zh: '请写出其中的文件。', en: 'Name a file in it.' },
  },
  EACCES: {
    what: { zh: '没有读取权限。', en: 'There is no permission to read the file.' },
    fix: { zh: '请先取得权限。', en: 'Get the permission first.' },
  },
  EBUSY: IN_USE,
}

const NO_WRITING: Readonly<Record<string, Reason>> = {
  ENOTDIR: NO_FOLDER,
  EEXIST: NO_FOLDER,
  EISDIR: {
    what: { zh: '这是文件夹，不能当作文件写入。', en: 'This is a folder; no file can be written in its place.' },
    fix: { zh: '请写出其中的文件名。', en: 'Name a file in it.' },
  },
  EACCES: NOT_ALLOWED,
  EPERM: NOT_ALLOWED,
  EROFS: NOT_ALLOWED,
  ENOSPC: NO_SPACE,
  EDQUOT: NO_SPACE,
  EBUSY: IN_USE,
}

/** What the system says; what it says rarely stays its own word. */
function reasonOf(error: unknown, known: Readonly<Record<string, Reason>>, other: (code: string) => Reason): Reason {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  return known[code] ?? other(code)
}

/** The fault for a file that cannot be opened or read. */
export function unreadable(file: string, error: unknown): Fault {
  const reason = reasonOf(error, NO_READING, code => ({
    what: { zh: `无法读取文件（${code}）。`, en: `The file cannot be read (${code}).` },
    fix: { zh: '请检查路径和权限。', en: 'Check the path and the permissions.' },
  }))
  return new Fault({ code: 'FIL-001', at: { file }, ...reason })
}

/** The fault for a file that cannot be written. */
export function unwritable(file: string, error: unknown): Fault {
  const reason = reasonOf(error, NO_WRITING, code => ({
    what: { zh: `无法写入文件（${code}）。`, en: `The file cannot be written (${code}).` },
    fix: { zh: '请检查路径、权限和剩余空间。', en: 'Check the path, the permissions and the free space.' },
  }))
  return new Fault({ code: 'FIL-006', at: { file }, ...reason, status: 75 })
}
