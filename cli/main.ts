#!/usr/bin/env node
// The modules of the program use what older versions of Node lack, so this is looked at before they are loaded.
const NEEDED = [22, 18] as const
const [major, minor] = process.versions.node.split('.').map(Number)

if (major! < NEEDED[0] || (major === NEEDED[0] && minor! < NEEDED[1])) {
  const needed = NEEDED.join('.')
  process.stderr.write(
    `点值需要 Node ${needed} 以上，这里是 ${process.versions.node}。请升级 Node；在本仓库中可用 npx dianzhi，它用随附的 Node。\n` +
      `dianzhi needs Node ${needed} or later, and this is ${process.versions.node}. Install a later one; inside the repository npx dianzhi uses the Node that npm ci brings.\n`,
  )
  process.exitCode = 64
} else if (!('WebAssembly' in globalThis)) {
  process.stderr.write(
    '点值需要 WebAssembly：启动 Node 时请去掉 --jitless。\n' +
      'dianzhi needs WebAssembly: start Node without --jitless.\n',
  )
  process.exitCode = 64
} else {
  const { run } = await import('./run.ts')
  await run(process.argv.slice(2))
}
