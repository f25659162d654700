import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sdk, story } from './story.mjs'

test('with describe.hold the stock waiters ask once, and return when the work is done', async t => {
  const { client, call, project, train, sent } = await story(t, '--profile', 'quick', '--set', 'version.train=400ms',
    '--set', 'version.start=300ms', '--set', 'describe.hold=20s')
  const ProjectArn = await project()
  const begun = performance.now()
  const ProjectVersionArn = await train(ProjectArn)
  const trained = await sdk.waitUntilProjectVersionTrainingCompleted({ client, maxWaitTime: 600 }, { ProjectArn })
  assert.equal(trained.state, 'SUCCESS')
  await call('StartProjectVersion', { ProjectVersionArn, MinInferenceUnits: 1 })
  await sdk.waitUntilProjectVersionRunning({ client, maxWaitTime: 600 }, { ProjectArn })
  const took = performance.now() - begun
  assert.equal(sent.DescribeProjectVersions, 2)
  assert.ok(took >= 700 && took < 700 + 2000 * Number(process.env.TEST_SLOW ?? 1), `${took} ms`)
})

test('an advance of the clock ends a wait', async t => {
  const { client, project, train, advance, sent, url } = await story(t, '--profile', 'aws', '--clock', 'frozen',
    '--set', 'describe.hold=20s')
  const ProjectArn = await project()
  await train(ProjectArn)
  const waiting = sdk.waitUntilProjectVersionTrainingCompleted({ client, maxWaitTime: 600 }, { ProjectArn })
  const metrics = async () => (await fetch(url + '/_local/metrics')).text()
  while (!(await metrics()).includes('\nrekognition_local_held_calls 1\n'));
  await advance({ by: '30m' })
  assert.equal((await waiting).state, 'SUCCESS')
  assert.equal(sent.DescribeProjectVersions, 1)
})
