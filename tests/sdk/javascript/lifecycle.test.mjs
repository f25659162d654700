import assert from 'node:assert/strict'
import { test } from 'node:test'
import { data, png, sdk, story } from './story.mjs'

test('a model lives from project to nothing', async t => {
  const { client, call, project, train, describe } = await story(t)
  const ProjectArn = await project('birds', { Tags: { team: 'birds' } })
  const ProjectVersionArn = await train(ProjectArn, 'v1', { Tags: { stage: 'test' } })
  await sdk.waitUntilProjectVersionTrainingCompleted({ client, maxWaitTime: 600 }, { ProjectArn })
  assert.equal((await call('StartProjectVersion', { ProjectVersionArn, MinInferenceUnits: 1 })).Status, 'STARTING')
  await sdk.waitUntilProjectVersionRunning({ client, maxWaitTime: 600 }, { ProjectArn })
  assert.deepEqual((await call('DetectCustomLabels', { ProjectVersionArn, Image: { Bytes: png() } })).CustomLabels, [])
  assert.equal((await call('StopProjectVersion', { ProjectVersionArn })).Status, 'STOPPING')
  assert.equal((await describe(ProjectArn))[0].Status, 'STOPPED')

  const copy = await call('CopyProjectVersion', {
    SourceProjectArn: ProjectArn, SourceProjectVersionArn: ProjectVersionArn, DestinationProjectArn: await project('copies'),
    VersionName: 'copied', OutputConfig: { S3Bucket: 'results' },
  })
  assert.match(copy.ProjectVersionArn, /:project\/copies\/version\/copied\/\d{13}$/)

  await call('TagResource', { ResourceArn: ProjectVersionArn, Tags: { owner: 'me' } })
  await call('UntagResource', { ResourceArn: ProjectVersionArn, TagKeys: ['stage'] })
  assert.deepEqual((await call('ListTagsForResource', { ResourceArn: ProjectVersionArn })).Tags, { owner: 'me' })
  assert.equal((await call('DeleteProjectVersion', { ProjectVersionArn })).Status, 'DELETING')
  assert.deepEqual(await describe(ProjectArn, 'v1'), [])
  assert.equal((await call('DeleteProject', { ProjectArn })).Status, 'DELETING')
  assert.deepEqual((await call('DescribeProjects', { ProjectNames: ['birds'] })).ProjectDescriptions, [])
})

test('the stock waiters return at their first poll', async t => {
  const { client, call, project, train, sent } = await story(t)
  const ProjectArn = await project()
  const ProjectVersionArn = await train(ProjectArn)
  await sdk.waitUntilProjectVersionTrainingCompleted({ client, maxWaitTime: 600 }, { ProjectArn })
  assert.equal(sent.DescribeProjectVersions, 1)
  await call('StartProjectVersion', { ProjectVersionArn, MinInferenceUnits: 1 })
  await sdk.waitUntilProjectVersionRunning({ client, maxWaitTime: 600 }, { ProjectArn })
  assert.equal(sent.DescribeProjectVersions, 2)
})

test('a training that fails ends the waiter', async t => {
  const { client, control, project, train } = await story(t)
  const ProjectArn = await project()
  await control('POST', '/outcomes', { resource: '*', event: 'train', to: 'fail', message: 'Too few labels.' })
  await train(ProjectArn)
  const waited = await sdk.waitForProjectVersionTrainingCompleted({ client, maxWaitTime: 600 }, { ProjectArn })
  assert.equal(waited.state, 'FAILURE')
  assert.equal(waited.reason.ProjectVersionDescriptions[0].StatusMessage, 'Too few labels.')
})

test('an adapter is trained, and neither started nor stopped', async t => {
  const { client, call, refuses, project, train, describe } = await story(t)
  const ProjectArn = await project('adapters', { Feature: 'CONTENT_MODERATION', AutoUpdate: 'ENABLED' })
  const ProjectVersionArn = await train(ProjectArn, 'v1', { FeatureConfig: { ContentModeration: { ConfidenceThreshold: 60.5 } } })
  await sdk.waitUntilProjectVersionTrainingCompleted({ client, maxWaitTime: 600 }, { ProjectArn })
  const [described] = await describe(ProjectArn)
  assert.equal(described.Feature, 'CONTENT_MODERATION')
  assert.equal(described.FeatureConfig.ContentModeration.ConfidenceThreshold, 60.5)
  await refuses('InvalidParameterException', 'StartProjectVersion', { ProjectVersionArn, MinInferenceUnits: 1 })
  await refuses('InvalidParameterException', 'StopProjectVersion', { ProjectVersionArn })
  await call('DeleteProjectVersion', { ProjectVersionArn })
})

test('times are dates to the millisecond', async t => {
  const { project, train, describe } = await story(t)
  const ProjectArn = await project()
  const arn = await train(ProjectArn)
  const [{ CreationTimestamp, TrainingEndTimestamp }] = await describe(ProjectArn)
  assert.ok(TrainingEndTimestamp instanceof Date)
  assert.equal(CreationTimestamp.getTime(), Number(arn.split('/').at(-1)))
})

test('a step of a frozen clock ends at its millisecond and not before', async t => {
  const { call, project, train, describe, advance } = await story(t, '--clock', 'frozen', '--profile', 'aws',
    '--set', 'version.train=30m', '--set', 'version.start=10m')
  const ProjectArn = await project()
  const ProjectVersionArn = await train(ProjectArn)
  assert.deepEqual(await advance({ by: '29m59s999ms' }), [])
  assert.equal((await describe(ProjectArn))[0].Status, 'TRAINING_IN_PROGRESS')
  assert.equal((await advance({ by: '1ms' }))[0].to, 'TRAINING_COMPLETED')
  await call('StartProjectVersion', { ProjectVersionArn, MinInferenceUnits: 1 })
  assert.equal((await describe(ProjectArn))[0].Status, 'STARTING')
  assert.deepEqual((await advance({ until: 'next' })).map(f => [f.from, f.to]), [['STARTING', 'RUNNING']])
})

test('every illegal move is a typed exception', async t => {
  const { call, refuses, project, train, advance } = await story(t, '--clock', 'frozen', '--profile', 'aws')
  const ProjectArn = await project()
  const other = await project('other')
  const ProjectVersionArn = await train(ProjectArn)
  const moves = {
    start: ['ResourceInUseException', 'StartProjectVersion', { ProjectVersionArn, MinInferenceUnits: 1 }],
    stop: ['ResourceInUseException', 'StopProjectVersion', { ProjectVersionArn }],
    delete: ['ResourceInUseException', 'DeleteProjectVersion', { ProjectVersionArn }],
    detect: ['ResourceNotReadyException', 'DetectCustomLabels', { ProjectVersionArn, Image: { Bytes: png() } }],
    copy: ['ResourceInUseException', 'CopyProjectVersion', {
      SourceProjectArn: ProjectArn, SourceProjectVersionArn: ProjectVersionArn, DestinationProjectArn: other,
      VersionName: 'copied', OutputConfig: { S3Bucket: 'results' } }],
  }
  const illegal = async names => {
    for (const name of names) await refuses(...moves[name])
    await refuses('ResourceInUseException', 'DeleteProject', { ProjectArn })
  }
  const settle = () => advance({ until: 'settled' })

  await illegal(['start', 'stop', 'delete', 'detect', 'copy']) // TRAINING_IN_PROGRESS
  await settle()
  await illegal(['stop', 'detect']) // TRAINING_COMPLETED
  await call('StartProjectVersion', { ProjectVersionArn, MinInferenceUnits: 1 })
  await illegal(['start', 'stop', 'delete', 'detect']) // STARTING
  await settle()
  await illegal(['start', 'delete']) // RUNNING
  await call('StopProjectVersion', { ProjectVersionArn })
  await illegal(['start', 'stop', 'delete', 'detect']) // STOPPING
  await settle()
  await illegal(['stop', 'detect']) // STOPPED
  await call('DeleteProjectVersion', { ProjectVersionArn })
  await illegal(['start', 'stop', 'delete', 'detect', 'copy']) // DELETING
  await settle()
  for (const name of ['start', 'stop', 'delete', 'detect', 'copy']) {
    await refuses('ResourceNotFoundException', ...moves[name].slice(1))
  }
  await call('DeleteProject', { ProjectArn })
  await settle()
  await refuses('ResourceNotFoundException', 'DescribeProjectVersions', { ProjectArn })
})

test('a name that is taken is in use, and limits are limits', async t => {
  const { call, refuses, project, train } = await story(t)
  const ProjectArn = await project()
  const versions = [await train(ProjectArn, 'v1'), await train(ProjectArn, 'v2'), await train(ProjectArn, 'v3')]
  await refuses('ResourceInUseException', 'CreateProject', { ProjectName: 'birds' })
  await refuses('ResourceInUseException', 'CreateProjectVersion', { ProjectArn, VersionName: 'v1', ...data })
  await refuses('LimitExceededException', 'StartProjectVersion', { ProjectVersionArn: versions[0], MinInferenceUnits: 6 })
  await call('StartProjectVersion', { ProjectVersionArn: versions[0], MinInferenceUnits: 1 })
  await call('StartProjectVersion', { ProjectVersionArn: versions[1], MinInferenceUnits: 1 })
  await refuses('LimitExceededException', 'StartProjectVersion', { ProjectVersionArn: versions[2], MinInferenceUnits: 1 })
})
