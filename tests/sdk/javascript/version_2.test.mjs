// Version 2 of the SDK, which has its own HTTP, its own JSON and its own waiters, and is still in many programs.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import Rekognition from 'aws-sdk/clients/rekognition.js'
import { data, png, story } from './story.mjs'

test('a model lives from project to nothing with version 2 of the SDK', async t => {
  const local = await story(t)
  const { endpoint, region, credentials } = local.config()
  const client = new Rekognition({ endpoint, region, credentials, maxRetries: 0 })
  const call = (operation, input) => client[operation](input).promise()
  const refuses = async (code, operation, input) => {
    const error = await call(operation, input).then(() => assert.fail(`${operation} was not refused`), e => e)
    assert.deepEqual([error.code, error.statusCode], [code, 400])
    assert.ok(error.message.length > 0 && error.requestId.length === 36)
  }

  const { ProjectArn } = await call('createProject', { ProjectName: 'birds' })
  const { ProjectVersionArn } = await call('createProjectVersion', { ProjectArn, VersionName: 'v1', ...data })
  const trained = await client.waitFor('projectVersionTrainingCompleted', { ProjectArn }).promise()
  const [described] = trained.ProjectVersionDescriptions
  assert.ok(described.CreationTimestamp instanceof Date)
  assert.ok(!Object.values(described).includes(null))
  await refuses('ResourceInUseException', 'stopProjectVersion', { ProjectVersionArn })
  await refuses('ResourceNotReadyException', 'detectCustomLabels', { ProjectVersionArn, Image: { Bytes: png() } })
  await refuses('ResourceInUseException', 'createProject', { ProjectName: 'birds' })
  assert.equal((await call('startProjectVersion', { ProjectVersionArn, MinInferenceUnits: 1 })).Status, 'STARTING')
  await client.waitFor('projectVersionRunning', { ProjectArn }).promise()
  assert.deepEqual((await call('detectCustomLabels', { ProjectVersionArn, Image: { Bytes: png() } })).CustomLabels, [])
  await refuses('ResourceInUseException', 'deleteProjectVersion', { ProjectVersionArn })
  await call('stopProjectVersion', { ProjectVersionArn })
  await call('tagResource', { ResourceArn: ProjectVersionArn, Tags: { owner: 'me' } })
  assert.deepEqual((await call('listTagsForResource', { ResourceArn: ProjectVersionArn })).Tags, { owner: 'me' })
  await call('copyProjectVersion', {
    SourceProjectArn: ProjectArn, SourceProjectVersionArn: ProjectVersionArn, DestinationProjectArn: ProjectArn,
    VersionName: 'copied', OutputConfig: { S3Bucket: 'results' } })
  const names = []
  await new Promise((done, failed) => client.describeProjectVersions({ ProjectArn, MaxResults: 1 }).eachPage((error, page) => {
    if (error) failed(error)
    else if (!page) done()
    else names.push(...page.ProjectVersionDescriptions.map(v => v.ProjectVersionArn.split('/')[3]))
    return !error
  }))
  assert.deepEqual(names, ['copied', 'v1'])
  await call('deleteProjectVersion', { ProjectVersionArn })
  await refuses('ResourceNotFoundException', 'deleteProjectVersion', { ProjectVersionArn })
})
