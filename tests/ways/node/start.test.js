import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RekognitionClient, CreateProjectCommand, DescribeProjectsCommand } from '@aws-sdk/client-rekognition'
import { connect, LeftOn, Refused, start } from 'rekognition-local'

async function leak(account) {
  const { RekognitionClient, CreateProjectVersionCommand, StartProjectVersionCommand } = await import('@aws-sdk/client-rekognition')
  const client = new RekognitionClient(account.config())
  const { ProjectArn } = await client.send(new CreateProjectCommand({ ProjectName: 'birds' }))
  const { ProjectVersionArn } = await client.send(new CreateProjectVersionCommand({
    ProjectArn, VersionName: 'first', OutputConfig: { S3Bucket: 'results', S3KeyPrefix: 'birds' } }))
  await client.send(new StartProjectVersionCommand({ ProjectVersionArn, MinInferenceUnits: 1 }))
  return ProjectVersionArn
}

test('a server is started and stopped, and accounts do not see each other', async () => {
  const server = await start()
  const [one, two] = [server.account(), server.account()]
  await new RekognitionClient(one.config()).send(new CreateProjectCommand({ ProjectName: 'birds' }))
  const seen = await new RekognitionClient(two.config()).send(new DescribeProjectsCommand({}))
  assert.deepEqual(seen.ProjectDescriptions, [])
  assert.equal((await connect(server.url).control('GET', '/health')).ready, true)
  await connect(server.url).stop()
  await server.stop()
  await assert.rejects(server.control('GET', '/health'))
})

test('what is left on is told, and the account is empty then', async () => {
  const server = await start()
  const account = server.account()
  const arn = await leak(account)
  await assert.rejects(account.close(), (error) => error instanceof LeftOn && error.arns[0] === arn)
  await account.close()
  await server.stop()
})

test('a refusal of the control API has its code', async () => {
  const server = await start()
  await assert.rejects(server.control('GET', '/nothing'), (error) => error instanceof Refused && error.status === 404)
  await server.stop()
})

test('a wrong option is told of', async () => {
  await assert.rejects(start({ options: ['--profile', 'none'] }), /ended with 2/)
})
