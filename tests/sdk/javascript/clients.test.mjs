import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sdk, story } from './story.mjs'

test('paginators gather what comes one by one', async t => {
  const { client, call, project, train, sent } = await story(t)
  const ProjectArn = await project()
  for (let n = 0; n < 4; n++) await train(ProjectArn, `v${n}`)
  const names = []
  for await (const page of sdk.paginateDescribeProjectVersions({ client, pageSize: 1 }, { ProjectArn })) {
    names.push(...page.ProjectVersionDescriptions.map(v => v.ProjectVersionArn.split('/')[3]))
  }
  assert.deepEqual(names, ['v3', 'v2', 'v1', 'v0'])
  assert.equal(sent.DescribeProjectVersions, 4)
  await call('DescribeProjects', { MaxResults: 100, NextToken: '' })
})

test('another account copies what a policy allows', async t => {
  const { call, clientFor, project, train } = await story(t)
  const SourceProjectArn = await project('source')
  const SourceProjectVersionArn = await train(SourceProjectArn)
  const account = '210987654321'
  const theirs = clientFor({ credentials: { accessKeyId: account, secretAccessKey: 'any' } })
  const copy = {
    SourceProjectArn, SourceProjectVersionArn, VersionName: 'copied', OutputConfig: { S3Bucket: 'theirs' },
    DestinationProjectArn: (await theirs.call('CreateProject', { ProjectName: 'destination' })).ProjectArn,
  }
  await theirs.refuses('AccessDeniedException', 'CopyProjectVersion', copy)
  const { PolicyRevisionId } = await call('PutProjectPolicy', {
    ProjectArn: SourceProjectArn, PolicyName: 'p', PolicyDocument: JSON.stringify({
      Version: '2012-10-17', Statement: [{
        Effect: 'Allow', Principal: { AWS: account }, Action: 'rekognition:CopyProjectVersion',
        Resource: SourceProjectVersionArn }] }),
  })
  assert.match((await theirs.call('CopyProjectVersion', copy)).ProjectVersionArn, new RegExp(`:${account}:project/destination/`))
  await call('DeleteProjectPolicy', { ProjectArn: SourceProjectArn, PolicyName: 'p', PolicyRevisionId })
  await theirs.refuses('AccessDeniedException', 'CopyProjectVersion', { ...copy, VersionName: 'again' })
})

test('what is not known of an image says so, and is not tried again', async t => {
  const { clientFor, sent } = await story(t, '--set', 'unknown.image=refuse')
  const patient = clientFor({ maxAttempts: 5 })
  const error = await patient.call('DetectFaces', { Image: { S3Object: { Bucket: 'photos', Name: 'a.png' } } }).catch(e => e)
  assert.equal(error.name, 'ImageNotDeclared')
  assert.match(error.message, /photos\/a\.png/)
  assert.equal(error.$metadata.httpStatusCode, 501)
  assert.equal(sent.DetectFaces, 1)
})

test('retries survive what is above the throughput', async t => {
  const { call, refuses, client, clientFor, project, train, advance, sent } =
    await story(t, '--clock', 'frozen', '--set', 'inference.tpsPerUnit=1')
  const ProjectVersionArn = await train(await project())
  const input = { ProjectVersionArn, Image: { S3Object: { Bucket: 'photos', Name: 'robin.png' } } }
  await call('StartProjectVersion', { ProjectVersionArn, MinInferenceUnits: 1 })
  await call('DetectCustomLabels', input)
  await refuses('ProvisionedThroughputExceededException', 'DetectCustomLabels', input)

  const patient = clientFor({ maxAttempts: 3, credentials: await client.config.credentials() })
  patient.client.middlewareStack.add(next => async args => {
    try {
      return await next(args)
    } catch (error) {
      await advance({ by: '1s' })
      throw error
    }
  }, { step: 'deserialize', priority: 'high' })
  const { $metadata } = await patient.call('DetectCustomLabels', input)
  assert.deepEqual([$metadata.attempts, sent.DetectCustomLabels], [2, 4])
})

test('a value that breaks a constraint is named', async t => {
  const { call } = await story(t)
  const error = await call('CreateProject', { ProjectName: 'no spaces' }).catch(e => e)
  assert.equal(error.name, 'ValidationException')
  assert.match(error.message, /^1 validation error detected: Value 'no spaces' at 'projectName' failed to satisfy constraint/)
})

test('what is absent is undefined, never null', async t => {
  const { project, train, describe } = await story(t)
  const ProjectArn = await project()
  await train(ProjectArn)
  const [described] = await describe(ProjectArn)
  assert.ok(!('KmsKeyId' in described) && described.MaxInferenceUnits === undefined)
  assert.ok(!JSON.stringify(described).includes('null'))
})

test('a browser asks first, and then posts straight to the endpoint', async t => {
  const { url } = await story(t)
  const headers = 'authorization,content-type,x-amz-content-sha256,x-amz-date,x-amz-target,x-amz-user-agent'
  const asked = await fetch(url, {
    method: 'OPTIONS',
    headers: { Origin: 'http://localhost:3000', 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': headers },
  })
  assert.equal(asked.status, 200)
  assert.equal(asked.headers.get('access-control-allow-origin'), 'http://localhost:3000')
  assert.equal(asked.headers.get('access-control-allow-methods'), 'POST')
  assert.equal(asked.headers.get('access-control-allow-headers'), headers)
  const posted = await fetch(url, {
    method: 'POST', body: '{}',
    headers: { Origin: 'http://localhost:3000', 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': 'RekognitionService.DescribeProjects' },
  })
  assert.equal(posted.headers.get('access-control-allow-origin'), 'http://localhost:3000')
  assert.match(posted.headers.get('access-control-expose-headers'), /x-amzn-RequestId/i)
  assert.deepEqual(await posted.json(), { ProjectDescriptions: [] })
})

test('an endpoint with a path is the same server', async t => {
  const { url, clientFor } = await story(t)
  const { call } = clientFor({ endpoint: url + '/some/path' })
  assert.deepEqual((await call('DescribeProjects', {})).ProjectDescriptions, [])
})
