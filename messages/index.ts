export { type ExitStatus, Fault, type FaultFacts, faultText, type Place, placeText } from './fault.ts'
export { type Lang, langOfLocale, say, type Text } from './lang.ts'
export { nearest } from './nearest.ts'
export { someOf } from './some.ts'
