/*
 * Where the tables of a rule book (`book.ts`) and the columns of the cases (`cases/batch.ts`) lie in the memory of the
 * machine code, by their names there. `kernel.ts` of the folder above sets them. Types are those of AssemblyScript.
 */

export let dxWords: usize = 0
export let dxPrincipal: usize = 0
export let dxRows: usize = 0
export let dxTrigger: usize = 0
export let pxClass: usize = 0
export let pxRows: usize = 0
export let pxMasks: usize = 0
export let exclusions: usize = 0
export let candidateStart: usize = 0
export let candidates: usize = 0
export let residues: usize = 0
export let freeMask: usize = 0
export let triggered: usize = 0
export let rankTrigger: usize = 0
export let rankLeaf: usize = 0
export let leafOf: usize = 0
export let leafTest: usize = 0
export let leafKind: usize = 0
export let leafProgram: usize = 0
export let mdcWhole: usize = 0
export let program: usize = 0

/** Words of a row of `dxRows`, `pxRows` and `exclusions`, of a mask of ranks; rules of MDCs; see `book.ts`. */
export let dxRowWords: i32 = 0
export let pxRowWords: i32 = 0
export let exclusionWords: i32 = 0
export let rankWords: i32 = 0
export let mdcs: i32 = 0
export let dayCut: i32 = 0

export let sex: usize = 0
export let age: usize = 0
export let ageDays: usize = 0
export let weight: usize = 0
export let los: usize = 0
export let dischargeWay: usize = 0
export let icuHours: usize = 0
export let cost: usize = 0
export let dxStart: usize = 0
export let dx: usize = 0
export let pxStart: usize = 0
export let px: usize = 0

/** Results by row. */
export let leaf: usize = 0
export let status: usize = 0
export let reason: usize = 0
