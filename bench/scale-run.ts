import { setFlagsFromString } from 'node:v8'
import { fileSink } from '../files/index.ts'
import {
  compileBook,
  createResultWriter,
  groupCases,
  loadScheme,
  RESULT_HEADER,
  resultBytes,
  startThreads,
} from '../grouper/index.ts'

/** One run of `scale.ts` in a process of its own: `scale-run.ts CASES RESULT THREADS [BYTES OF A CHUNK]`. */
const [cases, result, threads, chunk] = process.argv.slice(2) as [string, string, string, string?]
// As the command does: small heaps where there are many, and threads that start while the scheme is compiled.
if (Number(threads) > 2) setFlagsFromString('--semi-space-growth-factor=1')
const started = Number(threads) > 1 ? startThreads(Number(threads)) : undefined
const book = compileBook(loadScheme('chs-drg-2.0'))
const out = fileSink(result)
out.write(`${RESULT_HEADER}\n`)
const writer = createResultWriter(book)
const start = performance.now()
const before = process.cpuUsage()
const { rows, rejected } = await groupCases(book, [cases], {
  threads: started ?? 1,
  ...(chunk === undefined ? {} : { chunkSize: Number(chunk) }),
  onBatch: (batch, groups) => out.write(resultBytes(writer, batch, groups)),
})
out.finish()
const ms = performance.now() - start
const { user, system } = process.cpuUsage(before)
const megabytes = process.resourceUsage().maxRSS / 1024
console.log(JSON.stringify({ rows, rejected, ms, processorMs: (user + system) / 1000, megabytes }))
