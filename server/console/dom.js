/* Elements, made of text and never of markup; and the page changed into a new one, part by part. */

const SVG = 'http://www.w3.org/2000/svg'

function build(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue
    if (name.startsWith('on')) {
      element[name] = value
      ;(element.handlers ??= {})[name] = value
    } else if (name === 'value') {
      element.value = value
      element.setAttribute('value', value)
    } else if (name === 'style') {
      for (const [property, text] of Object.entries(value)) element.style.setProperty(property, text)
    } else if (name === 'hold') {
      element.hold = value // see morph(): it takes care of its own inside
    } else {
      element.setAttribute(name, value === true ? '' : String(value))
    }
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false))
  return element
}

/* h('a.soft', { href }, 'text', …): what is false or nothing among the children is left out. */
export function h(tag, attributes, ...children) {
  const [name, ...classes] = tag.split('.')
  const element = document.createElement(name)
  if (classes.length) element.className = classes.join(' ')
  if (name === 'button') element.type = 'button'
  if (attributes instanceof Node || typeof attributes !== 'object' || attributes === null || Array.isArray(attributes))
    return build(element, null, [attributes, ...children])
  return build(element, attributes, children)
}

export const soft = (...content) => h('span.soft', content)
/* Of what scrolls in a frame of its own. */
export const framed = label => ({ tabindex: 0, role: 'region', 'aria-label': label })
export const bdi = text => h('bdi', text)
export const press = (label, onclick, kind) => h('button' + (kind ? '.' + kind : ''), { onclick }, label)

export function svg(tag, attributes, ...children) {
  return build(document.createElementNS(SVG, tag), attributes, children)
}

/* ---- one tree into another ---- */

function patchAttributes(old, made) {
  for (const { name } of [...old.attributes])
    if (!made.hasAttribute(name) && !(name === 'open' && old.tagName === 'DETAILS')) old.removeAttribute(name)
  for (const { name, value } of made.attributes) if (old.getAttribute(name) !== value) {
    if (name === 'style') old.style.cssText = value // as an attribute the policy would not have it
    else old.setAttribute(name, value)
    if (name === 'value' && old !== document.activeElement) old.value = value
  }
  for (const name of Object.keys(old.handlers ?? {})) if (!made.handlers?.[name]) old[name] = null
  for (const [name, handler] of Object.entries(made.handlers ?? {})) old[name] = handler
  old.handlers = made.handlers
}

const isSame = (old, made) => old.nodeType === made.nodeType && old.nodeName === made.nodeName &&
  (old.nodeType !== 1 || (old.dataset.key === made.dataset.key && old.hold?.name === made.hold?.name))

/* Changes `old` into `made`, which is used up. What has a focus, is open or is scrolled stays so. */
export function morph(old, made) {
  if (old.nodeType !== 1) {
    if (old.nodeValue !== made.nodeValue) old.nodeValue = made.nodeValue
    return
  }
  if (made.hold && old.hold?.name === made.hold.name) {
    old.hold.update?.(made.hold)
    return
  }
  patchAttributes(old, made)
  if (old.tagName !== 'TEXTAREA') morphChildren(old, [...made.childNodes])
}

export function morphChildren(old, made) {
  const keyed = new Map()
  for (const child of old.childNodes) if (child.nodeType === 1 && child.dataset.key) keyed.set(child.dataset.key, child)
  const kept = new Set(made.map(child => child.dataset?.key))
  for (const [key, child] of keyed) if (!kept.has(key)) child.remove()
  let at = old.firstChild
  for (const child of made) {
    const key = child.nodeType === 1 ? child.getAttribute('data-key') : null
    const found = key && keyed.get(key)
    if (found && found !== at) old.insertBefore(found, at)
    const here = found || at
    if (here && isSame(here, child)) {
      morph(here, child)
      at = here.nextSibling
    } else {
      old.insertBefore(child, at)
      if (at && !(at.nodeType === 1 && at.dataset.key)) {
        const next = at.nextSibling
        at.remove()
        at = next
      }
    }
  }
  while (at) {
    const next = at.nextSibling
    at.remove()
    at = next
  }
}

/* ---- what is said ---- */

let saying = 0

/* Told to a screen reader, once, and not in the middle of a stream of others. */
export function say(text) {
  clearTimeout(saying)
  saying = setTimeout(() => { document.getElementById('said').textContent = text }, 150)
}

function toast(kind, content, lasts) {
  const box = h('div.toast.' + kind, { role: kind === 'bad' ? 'alert' : null }, h('div', content),
    h('button.plain', { 'aria-label': 'Dismiss', onclick: () => box.remove() }, '×'))
  const all = document.getElementById('toasts')
  all.append(box)
  while (all.children.length > 4) all.firstChild.remove()
  if (lasts) setTimeout(() => box.remove(), lasts)
}

export function done(text) {
  toast('good', text, 5000)
  say(text)
}

/* A refusal: what the service answered, and why. */
export function failed(error) {
  toast('bad', problem(error))
}

export const problem = error => [
  h('p', h('strong', error.code ?? 'Failed'), ' ', error.message),
  error.reason && h('p.reason', h('span', 'Why: '), error.reason)]

/* ---- copying ---- */

function copyByHand(text) {
  const area = h('textarea.unseen', { 'aria-hidden': 'true' })
  area.value = text
  document.body.append(area)
  area.select()
  const copied = document.execCommand('copy')
  area.remove()
  return copied
}

export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    if (!copyByHand(text)) return failed({ code: 'Not copied', message: 'The browser does not let pages copy here.' })
  }
  done(`Copied ${what}`)
}

export const copyButton = (text, what) =>
  h('button.plain.copy', { 'aria-label': `Copy ${what}`, title: `Copy ${what}`, onclick: () => copy(text, what) },
    svg('svg', { viewBox: '0 0 16 16', width: 14, height: 14, 'aria-hidden': 'true' },
      svg('path', { d: 'M5.500 5.500v-3h8v8h-3M2.500 5.500h8v8h-8z', fill: 'none', stroke: 'currentColor', 'stroke-width': 1.300, 'stroke-linejoin': 'round' })))

/* It breaks between its parts, and nowhere else. */
export const arnOf = arn => h('span.arn', h('code', arn.split(/(?<=[:/])/).map(part => h('span', part))), copyButton(arn, 'ARN'))

/* ---- questions ---- */

let fieldCount = 0

function control(field) {
  const shared = { id: field.id, name: field.name, required: field.required, 'aria-describedby': field.help ? field.id + 'h' : null }
  if (field.options) return h('select', shared, field.options.map(option => {
    const [value, label] = Array.isArray(option) ? option : [option, option]
    return h('option', { value, selected: value === field.value }, label)
  }))
  if (field.type === 'area') return h('textarea', { ...shared, rows: field.rows ?? 8, spellcheck: 'false' }, field.value ?? '')
  if (field.type === 'check') return h('input', { ...shared, type: 'checkbox', checked: field.value })
  return h('input', { ...shared, type: field.type ?? 'text', value: field.value, min: field.min, step: field.step, accept: field.accept,
    list: field.list && field.id + 'l', placeholder: field.placeholder, autocomplete: 'off', spellcheck: 'false' })
}

function fieldRow(field) {
  field.id = 'field' + ++fieldCount
  return h('div.field' + (field.type === 'check' ? '.check' : ''), h('label', { for: field.id }, field.label, !field.required && !field.options && field.type !== 'check' && h('span.soft', ' optional')),
    control(field), field.list && h('datalist', { id: field.id + 'l' }, field.list.map(value => h('option', { value }))),
    field.help && h('p.soft', { id: field.id + 'h' }, field.help))
}

function valuesOf(form, fields) {
  const values = {}
  for (const field of fields) {
    const input = form.elements[field.name]
    const value = field.type === 'check' ? input.checked : field.type === 'file' ? input.files[0] : input.value.trim()
    if (value !== '' && value !== undefined) values[field.name] = field.type === 'number' ? Number(value) : value
  }
  return values
}

/* A dialog with a form. `act(values)` does it; what it throws is shown, and the dialog stays. */
export function ask(title, { fields = [], text, action = 'OK', danger = false }, act) {
  const trouble = h('div.refusal', { role: 'alert', hidden: true })
  const button = h('button.' + (danger ? 'danger' : 'primary'), { type: 'submit' }, action)
  const titleId = 'title' + ++fieldCount
  const close = () => dialog.close()
  const form = h('form', { method: 'dialog' }, h('h2', { id: titleId }, title), text && h('div.text', text),
    fields.map(fieldRow), trouble, h('div.buttons', h('button', { onclick: close }, 'Cancel'), button))
  const dialog = h('dialog', { 'aria-labelledby': titleId, onclose: () => dialog.remove() }, form)
  form.onsubmit = async event => {
    event.preventDefault()
    button.disabled = true
    try {
      await act(valuesOf(form, fields))
      close()
    } catch (error) {
      trouble.hidden = false
      trouble.replaceChildren(...problem(error).filter(Boolean))
    }
    button.disabled = false
  }
  document.body.append(dialog)
  dialog.showModal()
  ;(form.querySelector('input, select, textarea') ?? button).focus()
  return dialog
}

/* What can't be undone is asked once. */
export const confirm = (title, text, action, act) => ask(title, { text: h('p', text), action, danger: true }, act)

/* Does it now, and says what came of it. */
export const act = (work, said) => async () => {
  try {
    const answer = await work()
    if (said) done(typeof said === 'function' ? said(answer) : said)
  } catch (error) {
    failed(error)
  }
}
