import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Fault } from '../../messages/index.ts'
import type { TablePlan } from './plan.ts'
import type { FileRow } from './rows-of.ts'
import { SAMPLE_ROWS, type TableSample } from './sample.ts'

/** The part of `@duckdb/node-api` that is used; the package is the user's to install. */
interface DuckDb {
  readonly DuckDBInstance: { create(path: string, options?: Record<string, string>): Promise<Instance> }
}
interface Instance {
  connect(): Promise<Connection>
}
interface Connection {
  stream(sql: string): Promise<Result>
  closeSync(): void
}
interface Result {
  columnNames(): string[]
  fetchChunk(): Promise<{ readonly rowCount: number; getRows(): unknown[][] } | null>
}

/** The query of a `.sql` file, or of each table of a database, with a name for messages. */
interface Query {
  readonly database: string
  readonly name: string
  readonly sql: string
}

/** The header and the first rows of what DuckDB is asked for; the header counts as line 1. */
export async function sample(file: string): Promise<TableSample[]> {
  const samples: TableSample[] = []
  for (const [sheet, query] of (await queriesOf(file)).entries()) {
    const rows: TableSample['rows'][number][] = []
    for await (const { line, cells } of run(file, query, SAMPLE_ROWS)) rows.push({ line, cells, end: 0 })
    samples.push({ sheet, name: query.name, rows })
  }
  return samples
}

/** The rows of a query. */
export async function* rows(plan: TablePlan): AsyncGenerator<FileRow> {
  const query = (await queriesOf(plan.file))[plan.sheet]!
  for await (const { line, cells } of run(plan.file, query, 0)) {
    if (line > 1) yield { line, cells: plan.columns.map(({ index }) => cells[index] ?? '') }
  }
}

async function queriesOf(file: string): Promise<Query[]> {
  if (/\.sql$/i.test(file)) {
    return [{ database: ':memory:', name: '', sql: readFileSync(file, 'utf8').trim().replace(/;$/, '') }]
  }
  const listing = { database: file, name: '', sql: 'SELECT table_name FROM information_schema.tables ORDER BY 1' }
  const tables: string[] = []
  for await (const { line, cells } of run(file, listing, 0)) if (line > 1) tables.push(cells[0]!)
  return tables.map(name => ({ database: file, name, sql: `SELECT * FROM "${name.replaceAll('"', '""')}"` }))
}

/** The rows of a query as texts, the names of its columns first. Values cross as texts, so that decimals stay exact. */
async function* run(file: string, { database, sql }: Query, most: number): AsyncGenerator<FileRow> {
  const { DuckDBInstance } = await load(file)
  let connection: Connection | undefined
  try {
    const options: Record<string, string> = database === ':memory:' ? {} : { access_mode: 'READ_ONLY' }
    connection = await (await DuckDBInstance.create(database, options)).connect()
    // A query may end with a comment: what follows stands on a line of its own.
    const columns = await columnsOf(connection, `DESCRIBE SELECT * FROM (${sql}\n) AS cases`)
    const result = await connection.stream(
      `SELECT ${columns} FROM (${sql}\n) AS cases${most === 0 ? '' : ` LIMIT ${most}`}`,
    )
    yield { line: 1, cells: result.columnNames() }
    let line = 2
    for (
      let chunk = await result.fetchChunk();
      chunk !== null && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      for (const row of chunk.getRows())
        yield { line: line++, cells: row.map(cell => (cell === null ? '' : String(cell))) }
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0]!.replace(/[.。]$/, '') : String(error)
    throw new Fault({
      code: 'FMT-005',
      at: { file },
      what: { zh: `DuckDB 无法执行：${reason}。`, en: `DuckDB refused: ${reason}.` },
      fix: { zh: '请检查查询和文件路径。', en: 'Check the query and the paths in it.' },
    })
  } finally {
    connection?.closeSync()
  }
}

/** All columns as texts, lists of codes joined. */
async function columnsOf(connection: Connection, describe: string): Promise<string> {
  const described = await connection.stream(describe)
  const columns: string[] = []
  for (
    let chunk = await described.fetchChunk();
    chunk !== null && chunk.rowCount > 0;
    chunk = await described.fetchChunk()
  ) {
    for (const [name, type] of chunk.getRows()) {
      const quoted = `"${String(name).replaceAll('"', '""')}"`
      columns.push(
        String(type).endsWith('[]')
          ? `array_to_string(${quoted}, '|') AS ${quoted}`
          : `${quoted}::VARCHAR AS ${quoted}`,
      )
    }
  }
  return columns.join(', ')
}

/** The package, beside this program or in the folder where it runs. */
async function load(file: string): Promise<DuckDb> {
  // The name is put together so that nothing resolves it before it is asked for.
  const name = ['@duckdb', 'node-api'].join('/')
  try {
    return (await import(name)) as DuckDb
  } catch {
    try {
      const found = createRequire(join(process.cwd(), 'index.js')).resolve(name)
      return (await import(pathToFileURL(found).href)) as DuckDb
    } catch {
      throw notInstalled(file)
    }
  }
}

function notInstalled(file: string): Fault {
  return new Fault({
    code: 'FMT-004',
    at: { file },
    what: { zh: '读取该文件需要 DuckDB，尚未安装。', en: 'Reading this file needs DuckDB, which is not installed.' },
    fix: {
      zh: '请在当前文件夹运行 npm install @duckdb/node-api，或先导出为 CSV 或 Parquet。',
      en: 'Run npm install @duckdb/node-api in this folder, or export it as CSV or Parquet first.',
    },
  })
}
