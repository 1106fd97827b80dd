import type { Lang } from '../messages/index.ts'
import { countText, numberColumn, type Section, textColumn } from '../report/index.ts'
import type { Auxiliaries } from '../weights/index.ts'

/** What the tests of auxiliary types decided, and the coefficients that they gave. */
export function auxiliarySections({ pack, year, tests, coefficients }: Auxiliaries, lang: Lang): Section[] {
  const zh = lang === 'zh'
  const results = ['split', 'noClass', 'cvLow', 'fallsTooLittle'] as const
  const names: Readonly<Record<(typeof results)[number], string>> = zh
    ? { split: '细分', noClass: '无分型达到 n2', cvLow: '变异系数低', fallsTooLittle: '下降不足' }
    : { split: 'split', noClass: 'no class above n2', cvLow: 'CV too low', fallsTooLittle: 'falls too little' }
  const title = new Map(pack.types.map(type => [type.id, type]))
  const classTitle = (type: string, one: string): string =>
    title.get(type)!.classes.find(({ id }) => id === one)!.title[lang]
  return [
    { kind: 'heading', text: zh ? `辅助分型（${year} 年病例）` : `Auxiliary types (cases of ${year})` },
    {
      kind: 'table',
      caption: zh ? '各分型的检验结果（病种数）' : 'What the gates decide, by groups',
      grid: {
        columns: [textColumn(zh ? '分型' : 'type'), ...results.map(one => numberColumn(names[one]))],
        rows: pack.types.map(type => [
          type.title[lang],
          ...results.map(one => countText(tests.filter(test => test.type === type.id && test.result === one).length)),
        ]),
      },
    },
    {
      kind: 'table',
      caption: zh ? '调节系数；一例取其中最高者' : 'Coefficients; the highest of a case counts',
      grid: {
        columns: [
          textColumn(zh ? '病种' : 'group'),
          textColumn(zh ? '分型' : 'type'),
          textColumn(zh ? '类别' : 'class'),
          numberColumn(zh ? '病例数' : 'cases'),
          numberColumn(zh ? '系数' : 'coefficient'),
        ],
        rows: coefficients.map(one => [
          one.group,
          title.get(one.type)!.title[lang],
          classTitle(one.type, one.class),
          countText(one.cases),
          one.coefficient.toFixed(),
        ]),
      },
    },
  ]
}
