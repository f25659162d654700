// Every page, at three widths and in both themes: nothing wrong, nothing cut off, nobody shut out.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import test from 'node:test'
import { axe, browser, demo, go, isFine, link, open, SHOTS } from './browser.mjs'

const pages = local => ({ home: '#/', projects: '#/projects', project: link('project', local.flowers), running: link('version', local.running), stopped: link('version', local.stopped), failed: link('version', local.failed),
  flowers: link('dataset', local.datasets[1]), boards: link('dataset', local.datasets.at(-1)), collections: '#/collections', collection: link('collection', local.flowers.replace(/project\/.*/, 'collection/staff')),
  jobs: '#/jobs', session: link('job', local.session), deliveries: '#/deliveries', calls: '#/calls', call: '#/calls/2', time: '#/time', rules: '#/rules', snapshots: '#/snapshots', settings: '#/settings', gone: link('version', local.flowers) })

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

async function violations(page, rules) {
  await page.evaluate(axe)
  const { violations: found } = await page.evaluate(only => globalThis.axe.run(document, { runOnly: only, resultTypes: ['violations'] }), rules)
  return found.map(one => `${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 160) + ' ' + node.any.map(why => why.message).join()).join(' | ')}`)
}

/* What of the page reaches beyond its right edge, but for what is scrolled in a frame of its own. */
const beyond = page => page.evaluate(() => document.documentElement.scrollWidth > innerWidth ? [...document.querySelectorAll('body *')].filter(element => element.getBoundingClientRect().right > innerWidth + 1)
  .map(element => element.outerHTML.slice(0, 120)).slice(0, 5).concat(`it is ${document.documentElement.scrollWidth} wide`) : [])

for (const [width, height] of [[390, 844], [1280, 860], [1920, 1080]]) for (const colorScheme of ['light', 'dark'])
  test(`every page is whole and accessible at ${width} pixels, ${colorScheme}`, async t => {
    const local = await demo(t), page = await open(t, await browser(t), local, { width, height, colorScheme })
    fs.mkdirSync(SHOTS, { recursive: true })
    for (const [name, hash] of Object.entries(pages(local))) {
      await go(page, hash)
      if (width < 1920) await page.screenshot({ path: `${SHOTS}/${name}-${width}-${colorScheme}.png` })
      assert.deepEqual(await beyond(page), [], `${name} is cut off`)
      // Once with every rule; of the other theme, its colours.
      const rules = width === 390 && colorScheme === 'light' ? RULES : width === 1280 && colorScheme === 'dark' ? ['color-contrast'] : null
      if (rules) assert.deepEqual(await violations(page, rules), [], name)
      isFine(page)
    }
  })

test('nothing is cut off at 320 pixels, nor lost at 2560', async t => {
  const local = await demo(t), opened = await browser(t)
  for (const width of [320, 2560]) {
    const page = await open(t, opened, local, { width })
    for (const [name, hash] of Object.entries(pages(local))) {
      await go(page, hash)
      assert.deepEqual(await beyond(page), [], `${name} at ${width}`)
    }
    isFine(page)
  }
})

test('headings of columns are of one face, those of numbers too, whose digits are of one width', async t => {
  const local = await demo(t), page = await open(t, await browser(t), local, { width: 1280 })
  let digits = 0
  for (const [name, hash] of Object.entries(pages(local))) {
    await go(page, hash)
    const [faces, widths] = await page.evaluate(() => [['th', 'fontFamily'], ['.number:not(th)', 'fontVariantNumeric']].map(([which, property]) => [...document.querySelectorAll(which)].map(one => getComputedStyle(one)[property])))
    assert.ok(new Set(faces).size < 2, `${name}: ${[...new Set(faces)].join(' and ')}`)
    assert.ok(widths.every(one => one === 'tabular-nums'), name)
    digits += widths.length
  }
  assert.ok(digits > 0)
})
