import { describe, expect, it } from 'vitest'
import { resolveConversion } from '../../../grouper/codes/conversion.ts'
import { countCase, createCensus, type Detection, detectSystem, undetected } from '../../../grouper/codes/detect.ts'
import { loadDictionary } from '../../../grouper/codes/library.ts'
import { listCodeSystems } from '../../../grouper/codes/systems.ts'
import { loadScheme } from '../../../grouper/index.ts'
import { faultText } from '../../../messages/index.ts'

const scheme = loadScheme('chs-drg-2.0')

function detect(diagnoses: readonly string[], procedures: readonly string[] = []): Detection {
  const census = createCensus(scheme)
  return detectSystem(scheme, census, countCase(census, { diagnoses, procedures }))
}

/** Every n-th code of a dictionary. */
function every(id: string, step: number): string[] {
  return loadDictionary(id).codes.filter((_, i) => i > 0 && i % step === 0)
}

describe('detection', () => {
  it.each(listCodeSystems().map(system => [system.id, system] as const))('finds a file of %s', (id, system) => {
    const found = detect(every(system.diagnosis, 20), every(system.procedure, 4))
    expect(found.system).toBe(id)
    expect(found.evidence[0]).toMatchObject({ system: id, share: 1 })
  })

  it('refuses to guess when too many codes are unknown', () => {
    const codes = every('icd10-gl-2.0', 50)
    const broken = codes.map((code, i) => (i % 20 === 0 ? `${code}?` : code))
    const found = detect(broken)
    expect(found.system).toBeUndefined()
    expect(found.evidence[0]!.share).toBeLessThan(0.98)
  })

  it('refuses to guess when the codes are valid in two systems and mean different things', () => {
    const { from, outcome } = resolveConversion('icd10-gl-2.0', scheme.diagnoses)!
    const both = from.codes.filter((code, id) => outcome[id] === 2 && scheme.diagnoses.ids.has(code))
    expect(both.length).toBe(249)
    expect(detect(both).system).toBeUndefined()
  })

  it('takes either of two systems that read every code alike', () => {
    expect(detect(['K80.101', 'I50.900']).system).toBeDefined()
  })

  it('says what speaks for each system, and what to do', () => {
    const { evidence, tokens } = detect(['K80.101', 'I50.900', 'nothing'])
    expect(tokens).toBe(3)
    const text = faultText(undetected({ evidence, tokens, system: undefined }), 'en')
    expect(text).toMatch(/^CRW-005/)
    expect(text).toContain('yb-2.0  66.67 % valid, 2 distinct codes, 0 of them in this system only')
    expect(text).toContain('Declare it with --code-system: yb-2.0, yb-1.0, gl-3.0, gl-2.0, bj.')
  })
})
