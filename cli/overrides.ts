import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { Option } from '@commander-js/extra-typings'
import { policyFile, type Region } from '../simulate/index.ts'

/** What a user tries in place of what the region file says; paths are relative to where the command runs. */
export interface Overrides {
  readonly scheme?: string | undefined
  readonly policy?: string | undefined
  readonly weights?: string | undefined
  readonly auxiliary?: string | undefined
}

/** `--scheme`: another scheme or catalogue. */
export function schemeOption(zh: boolean): Option<'--scheme <id>'> {
  return new Option(
    '--scheme <id>',
    zh ? '分组方案或病种目录，代替地区文件中的' : 'scheme or catalogue in place of that of the region file',
  )
}

/** `--policy`: another policy. */
export function policyOption(zh: boolean): Option<'--policy <id>'> {
  return new Option('--policy <id>', zh ? '结算政策，代替地区文件中的' : 'policy in place of that of the region file')
}

/** `--weights`: a published table of weights or scores. */
export function weightsOption(zh: boolean): Option<'--weights <file>'> {
  return new Option(
    '--weights <file>',
    zh ? '权重或分值表，代替地区文件中的' : 'table of weights or scores in place of that of the region file',
  )
}

/** `--auxiliary`: coefficients of auxiliary types. */
export function auxiliaryOption(zh: boolean): Option<'--auxiliary <file>'> {
  return new Option(
    '--auxiliary <file>',
    zh ? 'DIP 辅助分型系数表，代替地区文件中的' : 'auxiliary coefficients (DIP) in place of those of the region file',
  )
}

/** A region with what is tried on it. */
export function overridden(region: Region, { scheme, policy, weights, auxiliary }: Overrides): Region {
  return {
    ...region,
    ...(scheme === undefined ? {} : { scheme: existsSync(scheme) ? resolve(scheme) : scheme }),
    ...(policy === undefined ? {} : { policy: policyFile(policy) }),
    ...(weights === undefined ? {} : { weights: resolve(weights) }),
    ...(auxiliary === undefined ? {} : { auxiliary: resolve(auxiliary) }),
  }
}
