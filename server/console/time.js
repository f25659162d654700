/* Moments and durations, and what counts down on the page by the server's clocks. */
import { worldNow } from './world.js'

export function duration(ms) {
  if (ms < 0) ms = 0
  if (ms < 1000) return `${Math.ceil(ms / 100) / 10} s`
  const s = Math.ceil(ms / 1000), m = Math.floor(s / 60), h = Math.floor(m / 60), d = Math.floor(h / 24)
  const both = (big, unit, small, less) => `${big} ${unit}` + (small ? ` ${small} ${less}` : '')
  return d ? both(d, 'd', h % 24, 'h') : h ? both(h, 'h', m % 60, 'min') : m ? both(m, 'min', s % 60, 's') : `${s} s`
}

const two = number => String(number).padStart(2, '0')

/* 2030-01-01 10:00:07, in UTC as everywhere here. */
export function moment(at, exact) {
  const text = typeof at === 'number' ? new Date(at).toISOString() : at
  return text.replace('T', ' ').slice(0, exact ? 23 : 19)
}

export const narrow = matchMedia('(max-width: 760px)')

export const clockTime = at => moment(at, true).slice(11)

export const dollars = amount => '$' + (amount < 0.01 && amount > 0 ? amount.toFixed(4) : amount.toFixed(2))
export const count = (number, noun, nouns) => `${number.toLocaleString('en')} ${number === 1 ? noun : nouns ?? noun + 's'}`

export function bytesOf(number) {
  return number < 1024 ? `${number} B` : number < 1048576 ? `${(number / 1024).toFixed(1)} KiB` : `${(number / 1048576).toFixed(1)} MiB`
}

/* Whatever has data-due says how long it is until then; data-since, how long it has been; data-clock is an account. */
export function tick() {
  for (const element of document.querySelectorAll('[data-due]')) {
    const left = element.dataset.due - worldNow(element.dataset.clock)
    element.textContent = left <= 0 ? 'now' : (element.dataset.before ?? 'in ') + duration(left)
  }
  for (const element of document.querySelectorAll('[data-since]'))
    element.textContent = duration(worldNow(element.dataset.clock) - element.dataset.since)
  for (const element of document.querySelectorAll('[data-now]')) {
    const now = new Date(worldNow(element.dataset.now))
    element.textContent = `${now.getUTCFullYear()}-${two(now.getUTCMonth() + 1)}-${two(now.getUTCDate())} ${now.toISOString().slice(11, 19)}`
  }
  for (const element of document.querySelectorAll('[data-from]')) {
    const { from, until, clock } = element.dataset
    const part = Math.min(1, Math.max(0, (worldNow(clock) - from) / Math.max(1, until - from)))
    element.style.setProperty('--part', part.toFixed(4))
  }
}
