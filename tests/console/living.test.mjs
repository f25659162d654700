// The console beside what goes on: live, searched, by keyboard, hostile, large, cut off.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import test from 'node:test'
import { ACCOUNT, browser, demo, go, isFine, link, open, REGION, ROOT, serve, settled } from './browser.mjs'

test('the whole of it is no more than 150 KiB', () => {
  const folder = ROOT + '/server/console'
  const files = fs.readdirSync(folder).filter(name => /\.(html|css|js|svg)$/.test(name))
  const bytes = files.reduce((sum, name) => sum + fs.statSync(path.join(folder, name)).size, 0)
  assert.ok(bytes <= 150 * 1024, `${bytes} bytes`)
  for (const name of files) assert.doesNotMatch(fs.readFileSync(path.join(folder, name), 'utf8'), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function/, name)
})

test('calls show as they come, are found, opened, and copied as programs', async t => {
  const local = await serve(t), page = await open(t, await browser(t), local, { hash: '#/calls' })
  await local.call('CreateProject', { ProjectName: 'birds' })
  await page.locator('.row.call', { hasText: 'CreateProject' }).waitFor()
  await local.call('CreateProject', { ProjectName: 'birds' })
  await page.locator('.row.call', { hasText: 'ResourceInUseException' }).waitFor()
  for (let i = 0; i < 3; i++) await local.call('DescribeProjects', {})
  await page.getByLabel('Text').fill('a project birds EXISTS')
  await page.getByLabel('Text').press('Enter')
  await page.getByText('1 call', { exact: true }).waitFor()
  await page.locator('.row.call a').click()
  const detail = page.locator('article.detail')
  await detail.getByText('PROJECT_NAME_TAKEN').waitFor()
  assert.match(await detail.innerText(), /Really[\s\S]*a project birds exists[\s\S]*observed/)
  for (const [name, text] of [['aws CLI', /create-project .*\n.*--endpoint-url http/], ['boto3', /rekognition\.create_project\(\*\*\{\n {4}"ProjectName": "birds"/], ['JavaScript', /new CreateProjectCommand\(\{\n {2}ProjectName: "birds"/], ['curl', /X-Amz-Target: RekognitionService\.CreateProject/]]) {
    await detail.getByRole('button', { name, exact: true }).click()
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), text)
  }
  const address = page.url()
  await page.goto('about:blank')
  await page.goto(address)
  await detail.getByText('PROJECT_NAME_TAKEN').waitFor()
  isFine(page)
})

test('a row that is pressed stays while calls come', async t => {
  const local = await serve(t), page = await open(t, await browser(t), local, { hash: '#/calls' })
  await local.call('CreateProject', { ProjectName: 'birds' })
  const link = page.locator('.row.call a', { hasText: 'CreateProject' })
  await link.waitFor()
  await link.evaluate(element => { globalThis.pressed = element })
  await local.call('DescribeProjects', {})
  await page.locator('.row.call a', { hasText: 'DescribeProjects' }).waitFor()
  assert.equal(await link.evaluate(element => element === globalThis.pressed), true)
  isFine(page)
})

test('a page follows its model while others work on it', async t => {
  const local = await demo(t), page = await open(t, await browser(t), local, { hash: link('version', local.stopped) })
  await page.locator('h1 .badge', { hasText: 'Stopped' }).waitFor()
  await local.call('StartProjectVersion', { ProjectVersionArn: local.stopped, MinInferenceUnits: 1 })
  await page.locator('h1 .badge', { hasText: 'Starting' }).waitFor()
  await page.locator('.diagram .node.current', { hasText: 'Starting' }).waitFor()
  await local.control('POST', '/clock/advance', { until: 'settled' })
  await page.locator('.diagram .node.current', { hasText: 'Running' }).waitFor()
  await page.locator('.lines', { hasText: 'StartProjectVersion' }).waitFor()
  isFine(page)
})

const HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>\u202e${alert(3)}\'`'

test('a name is never more than a name', async t => {
  const local = await serve(t), opened = await browser(t)
  const message = `${HOSTILE} ${'long'.repeat(60)}`
  await local.control('POST', '/load', { accounts: { [ACCOUNT]: { [REGION]: { projects: [{ name: 'birds', tags: { 'a=b': 'c@d:e' }, versions: [{ name: 'first', status: 'TRAINING_FAILED', statusMessage: message }] }], collections: [{ id: 'staff' }] } } } })
  await local.control('POST', '/people', { name: HOSTILE })
  await local.control('POST', '/images', { image: { s3: 'faces/a' }, shows: { persons: [{ person: HOSTILE }] } })
  await local.call('IndexFaces', { CollectionId: 'staff', Image: { S3Object: { Bucket: 'faces', Name: 'a' } } })
  await local.control('POST', '/detections', { version: '*', labels: [{ name: HOSTILE, confidence: 9 }] })
  await local.control('POST', '/outcomes', { resource: '*', event: 'train', to: 'fail', message })
  await local.call('CreateProject', { ProjectName: HOSTILE, [HOSTILE]: HOSTILE })
  await local.call('StartProjectVersion', { ProjectVersionArn: HOSTILE })
  const { accounts } = await local.control('GET', '/state?brief=1'), project = accounts[ACCOUNT][REGION].projects[0]
  const page = await open(t, opened, local, { width: 390 })
  for (const hash of ['#/', '#/projects', link('project', project.arn), link('version', project.versions[0].arn), link('version', HOSTILE), link('collection', project.arn.replace(/project\/.*/, 'collection/staff')), '#/rules', '#/calls', '#/calls/2', '#/calls/3',
    '#/calls?text=' + encodeURIComponent(HOSTILE), '#/settings?q=' + encodeURIComponent(HOSTILE), '#/projects?account=' + encodeURIComponent(HOSTILE), link(HOSTILE)]) {
    await go(page, hash)
    assert.equal(await page.locator('#main script, #main img[src=x], #top img[src=x]').count(), 0, hash)
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, hash)
  }
  await go(page, link('version', project.versions[0].arn))
  await page.locator('.message', { hasText: '<img src=x onerror=alert(1)>' }).waitFor()
  assert.deepEqual(page.wrong.filter(text => !/status of 400/.test(text)), [])
})

/* On one connection, each without waiting for the answer to the one before. */
const manyCalls = (url, count) => new Promise((over, failed) => {
  const { hostname, port } = new URL(url)
  const one = `POST / HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: application/x-amz-json-1.1\r\nX-Amz-Target: RekognitionService.DescribeProjects\r\nAuthorization: AWS4-HMAC-SHA256 Credential=${ACCOUNT}/20300101/${REGION}/rekognition/aws4_request, SignedHeaders=host, Signature=0\r\nContent-Length: 2\r\n\r\n{}`
  const socket = net.connect(port, hostname, () => socket.write(one.repeat(count)))
  let seen = 0
  socket.on('error', failed).on('data', data => {
    seen += data.toString('latin1').split('HTTP/1.1 200').length - 1
    if (seen >= count) { socket.destroy(); over() }
  })
})

test('a thousand versions and fifty thousand calls are scrolled through, a screenful at a time', async t => {
  const local = await serve(t, '--set', 'journal.size=60000', '--set', 'limit.versionsPerProject=2000')
  const versions = Array.from({ length: 1000 }, (_, i) => ({ name: `v${i}`, status: 'STOPPED' }))
  await local.control('POST', '/load', { accounts: { [ACCOUNT]: { [REGION]: { projects: [{ name: 'birds', versions }] } } } })
  await manyCalls(local.url, 50000)
  const { accounts } = await local.control('GET', '/state?brief=1')
  const page = await open(t, await browser(t), local, { hash: link('project', accounts[ACCOUNT][REGION].projects[0].arn) })
  const list = page.locator('.long')
  assert.ok(await list.locator('.row').count() < 80)
  await list.evaluate(element => { element.scrollTop = element.scrollHeight })
  await list.locator('.row', { hasText: /^v0/ }).waitFor()
  await go(page, '#/calls')
  await page.getByText('50,000 calls').waitFor()
  for (let i = 0; i < 6; i++) {
    await list.evaluate(element => { element.scrollTop = element.scrollHeight })
    await page.waitForFunction(rows => document.querySelector('.space').getBoundingClientRect().height > rows * 36, 200 * (i + 2) - 1)
  }
  assert.ok(await list.locator('.row').count() < 80)
  const most = await page.evaluate(async () => {
    const element = document.querySelector('.long')
    let most = 0
    for (let i = 0; i < 60; i++) {
      element.scrollTop = (i * 577) % (element.scrollHeight - 800)
      element.dispatchEvent(new Event('scroll'))
      most = Math.max(most, element.querySelectorAll('.row').length)
      await new Promise(requestAnimationFrame)
    }
    return most
  })
  assert.ok(most < 80, `${most} rows at once`)
  isFine(page)
})

test('a lost connection is said, and mended', async t => {
  const local = await serve(t), page = await open(t, await browser(t), local, { allowed: /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE|ERR_EMPTY/ })
  await page.locator('.live', { hasText: 'Live' }).waitFor()
  await local.stop()
  await page.locator('#lost', { hasText: 'The server does not answer.' }).waitFor()
  await local.restart()
  await local.call('CreateProject', { ProjectName: 'after' })
  await page.getByRole('button', { name: 'Try now' }).click()
  await page.locator('.live', { hasText: 'Live' }).waitFor()
  await go(page, '#/projects')
  await page.getByRole('link', { name: 'after' }).waitFor()
  assert.equal(await page.locator('#lost').isVisible(), false)
  isFine(page)
})

test('everything is reached by keyboard, and a dialog gives the focus back', async t => {
  const local = await demo(t), page = await open(t, await browser(t), local, { hash: link('version', local.running) })
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the page')
  await page.locator('#main').getByRole('button', { name: 'Copy…' }).focus()
  await page.keyboard.press('Enter')
  await page.locator('dialog[open]').waitFor()
  assert.equal(await page.evaluate(() => document.activeElement.closest('dialog') !== null), true)
  await page.keyboard.press('Escape')
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Copy…')
  await page.locator('.copy').first().focus()
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), local.running)
  isFine(page)
})

test('the token of --control-token is asked for once, and used', async t => {
  const token = path.join(fs.mkdtempSync('/tmp/console-'), 'token')
  fs.writeFileSync(token, 's3cret')
  t.after(() => fs.rmSync(path.dirname(token), { recursive: true }))
  const local = await serve(t, '--control-token', token), opened = await browser(t), context = await opened.newContext(), page = await context.newPage()
  await page.goto(local.url + '/_local/console')
  await page.getByLabel('Token of --control-token').fill('s3cret')
  await page.getByRole('button', { name: 'Use it' }).click()
  await settled(page)
  await page.locator('.live', { hasText: 'Live' }).waitFor()
  assert.equal(await page.locator('dialog').count(), 0)
})
