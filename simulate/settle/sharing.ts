import { Decimal, type Fen, roundFen } from '../../numbers/index.ts'
import type { SharingDocument } from '../policy/cycle-document.ts'

/** A band of z = billed ÷ due with its bounds. */
interface Band {
  readonly from: Decimal
  readonly upTo: Decimal | null
  readonly factor: Decimal | null
  readonly keep: Decimal | null
  readonly share: Decimal | null
}

/** Bands compiled from a policy. */
export type SharingBands = readonly Band[]

/** The bands of a policy as decimals. */
export function sharingBands({ bands }: SharingDocument): SharingBands {
  const decimal = (text: string | null): Decimal | null => (text === null ? null : new Decimal(text))
  return bands.map((band, i) => ({
    from: new Decimal(bands[i - 1]?.upTo ?? 0),
    upTo: decimal(band.upTo),
    factor: decimal(band.factor),
    keep: decimal(band.keep),
    share: decimal(band.share),
  }))
}

/** Bands of which a hospital keeps, and the fund bears, a factor only. */
export function scaledBands(bands: SharingBands, factor: Decimal): SharingBands {
  if (factor.eq(1)) return bands
  return bands.map(band => ({
    ...band,
    keep: band.keep === null ? null : band.keep.times(factor),
    share: band.share === null ? null : band.share.times(factor),
  }))
}

/**
 * What is paid where `due` was earned and `billed` was charged to the fund item by item, both in fen (§6.4): below z = 1
 * the band that holds z decides; above, the fund bears its share of the overspend band by band. A due of zero or less is
 * paid as it is: there is nothing to compare the bills with.
 */
export function sharedDue(bands: SharingBands, due: Fen, billed: Fen): Fen {
  if (due <= 0) return due
  const d = new Decimal(due)
  const within = bands.find(({ upTo }) => upTo === null || d.times(upTo).gte(billed))
  if (within === undefined) throw new Error('the last band has no upper bound')
  if (within.factor !== null) return roundFen(within.factor.times(billed))
  if (within.keep !== null) return roundFen(within.keep.times(due - billed).plus(billed))
  let paid = d
  for (const { from, upTo, share } of bands) {
    if (share === null || from.times(d).gte(billed)) continue
    const top = upTo === null ? new Decimal(billed) : Decimal.min(billed, upTo.times(d))
    paid = paid.plus(share.times(top.minus(from.times(d))))
  }
  return roundFen(paid)
}
