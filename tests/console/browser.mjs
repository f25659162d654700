// What the tests begin with: a server of the test's own, with or without the world of the demo, and a browser on its console.
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const require = createRequire(process.env.NODE_PATH + '/')
const { chromium } = require('playwright-core')
export const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

export const ROOT = path.resolve(import.meta.dirname, '../..')
export const SHOTS = ROOT + '/build/console/shots'
const DEMO = ROOT + '/tests/demo/world.py'
const SLOW = Number(process.env.TEST_SLOW ?? 1)
const run = promisify(execFile)

export const ACCOUNT = '123456789012', REGION = 'us-east-1'

/* ---- the server ---- */

function start(options) {
  return new Promise((ready, failed) => {
    const process_ = spawn(process.env.TEST_BINARY, ['--port', '0', '--db', ':memory:', '--log', 'off', ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    process_.on('error', failed)
    process_.on('exit', code => failed(new Error(`the server ended with ${code}: ${text}`)))
    process_.stdout.on('data', data => {
      text += data
      const found = / ready on (http:\S+)/.exec(text)
      if (found) ready({ process: process_, url: found[1] })
    })
  })
}

async function stop({ process }) {
  const ended = process.exitCode === null ? new Promise(over => process.removeAllListeners('exit').once('exit', over)) : process.exitCode
  process.kill('SIGTERM')
  assert.equal(await ended, 0, 'the server did not end well')
}

// serve(t, '--profile', 'aws'): its url, control(method, path, body), call(operation, input), and restart().
export async function serve(t, ...options) {
  const all = ['--clock', 'frozen', '--profile', 'aws', ...options]
  let server = await start(all)
  t.after(() => stop(server))
  const ask = async (method, where, body, headers = {}) => {
    const answer = await fetch(server.url + where, { method, headers: { 'Content-Type': 'application/json', ...headers }, body: body && JSON.stringify(body) })
    return { status: answer.status, json: await answer.json() }
  }
  return {
    get url() { return server.url },
    control: async (method, where, body) => {
      const { status, json } = await ask(method, '/_local' + where, body)
      assert.equal(status, 200, JSON.stringify(json))
      return json
    },
    call: (operation, input, account = ACCOUNT) => ask('POST', '/', input, { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': 'RekognitionService.' + operation,
      Authorization: `AWS4-HMAC-SHA256 Credential=${account}/20300101/${REGION}/rekognition/aws4_request, SignedHeaders=host, Signature=0` }),
    stop: () => stop(server),
    restart: async () => { server = await start([...all, '--port', new URL(server.url).port]) },
  }
}

// The world of `make demo`, its clock frozen; with the ARNs of what is looked at.
export async function demo(t, ...options) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'console-'))
  t.after(() => fs.rmSync(folder, { recursive: true }))
  await run('python3', [DEMO, 'fill', folder])
  const local = await serve(t, '--s3', 'dir:' + folder, ...options)
  await run('python3', [DEMO, 'build', local.url])
  const state = await local.control('GET', '/state?brief=1')
  const { projects, sessions } = state.accounts[ACCOUNT][REGION]
  const [flowers, boards] = ['flowers', 'circuit-boards'].map(name => projects.find(one => one.name === name))
  const of = (project, name) => project.versions.find(one => one.name === name).arn
  return { ...local, folder, flowers: flowers.arn, boards: boards.arn, running: of(flowers, 'second'), stopped: of(flowers, 'first'), failed: of(boards, 'night-shift'), trained: of(boards, 'inspector'),
    datasets: [...flowers.datasets, ...boards.datasets].map(one => one.arn), session: `arn:aws:rekognition:${REGION}:${ACCOUNT}:session/${sessions[0].sessionId}` }
}

/* ---- the browser ---- */

export async function browser(t) {
  const opened = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] })
  t.after(() => opened.close())
  return opened
}

export const link = (...parts) => '#/' + parts.map(encodeURIComponent).join('/')

// A page that fails the test for whatever goes wrong in it; `allowed` says which messages of the browser are meant to come.
export async function open(t, opened, local, { hash = '', allowed = /^$/, width = 1280, height = 860, ...more } = {}) {
  const context = await opened.newContext({ viewport: { width, height }, permissions: ['clipboard-read', 'clipboard-write'], ...more })
  t.after(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(8000 * SLOW)
  const wrong = []
  page.on('console', message => ['error', 'warning'].includes(message.type()) && !allowed.test(message.text()) && wrong.push(message.text()))
  page.on('pageerror', error => wrong.push(error.stack))
  page.on('request', request => /^(data|blob):/.test(request.url()) || request.url().startsWith(local.url + '/') || wrong.push('asked of elsewhere: ' + request.url()))
  page.on('dialog', dialog => { wrong.push('an alert: ' + dialog.message()); dialog.dismiss() })
  page.wrong = wrong
  await page.goto(local.url + '/_local/console' + hash)
  await settled(page)
  return page
}

// When the page shows what it was asked for.
export async function settled(page) {
  await page.waitForSelector('#main h1')
  await page.waitForFunction(() => !/Reading (the world )?…/.test(document.getElementById('main').innerText))
}

export async function go(page, hash) {
  await page.evaluate(where => { location.hash = where }, hash || '#/')
  await page.evaluate(() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn))))
  await settled(page)
}

export const isFine = page => assert.deepEqual(page.wrong, [])

// In the dialog that is open: fills in what is given by label, and does it.
export async function answer(page, values, action) {
  const dialog = page.locator('dialog[open]')
  for (const [label, value] of Object.entries(values)) {
    const field = dialog.getByLabel(label, { exact: false }).first()
    if (await field.evaluate(element => element.tagName === 'SELECT')) await field.selectOption(value)
    else await field.fill(String(value))
  }
  await dialog.getByRole('button', { name: action, exact: true }).click()
}
