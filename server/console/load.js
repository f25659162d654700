/* What a part of a page asks for itself: shown when it has come, kept while it is asked for again. */
import { h, problem } from './dom.js'
import { control } from './api.js'

const kept = new Map() // by path: { mark, value, error, asking }
const KEPT_MAX = 60
let draw = () => {}
export const onRedraw = work => { draw = work }
export const redraw = () => draw()

async function fetchInto(path, one, mark, ask) {
  one.asking = true
  try {
    one.value = await ask(path)
    one.error = null
  } catch (error) {
    one.error = error
  }
  one.mark = mark
  one.asking = false
  redraw()
}

function entry(path, mark, ask) {
  let one = kept.get(path)
  if (!one) {
    kept.set(path, one = {})
    if (kept.size > KEPT_MAX) kept.delete(kept.keys().next().value)
  }
  if (one.mark !== mark && !one.asking) fetchInto(path, one, mark, ask)
  return one
}

/* The answer of a control call; it is asked again when `mark` is another. */
export function value(path, mark = '', ask = where => control('GET', where)) {
  return entry(path, mark, ask)
}

export function loaded(path, show, mark = '', ask) {
  const one = value(path, mark, ask)
  if (one.error) return h('div.refusal', problem(one.error))
  return one.value === undefined ? h('p.empty', 'Reading …') : show(one.value)
}

export function forget(beginning = '') {
  for (const path of kept.keys()) if (path.startsWith(beginning)) kept.delete(path)
}

/* ---- objects of S3 ---- */

async function object(s3, region) {
  const { bytes } = await control('GET', `/objects?${new URLSearchParams({ s3, region })}`)
  return bytes === null ? null : Uint8Array.from(atob(bytes), letter => letter.charCodeAt(0))
}

/* A path that value() takes, and what reads it. */
export async function jsonObject(path) {
  const { bytes, why } = await control('GET', path)
  if (bytes === null) throw new Error(why)
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(bytes), letter => letter.charCodeAt(0))))
}

/* Images, as addresses of this page's own ------------------------------------------ */

const images = new Map()
const IMAGES_MAX = 400

export function imageOf(s3, region, then) {
  const key = `${region} ${s3}`
  if (!images.has(key)) {
    if (images.size > IMAGES_MAX) {
      const [oldest, was] = images.entries().next().value
      was.then(url => url && URL.revokeObjectURL(url))
      images.delete(oldest)
    }
    images.set(key, object(s3, region).then(data => {
      const type = data?.[0] === 0x89 ? 'image/png' : data?.[0] === 0xff ? 'image/jpeg' : null
      return type && URL.createObjectURL(new Blob([data], { type }))
    }).catch(() => null))
  }
  images.get(key).then(then)
}
