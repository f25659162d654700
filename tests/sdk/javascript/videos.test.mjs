import assert from 'node:assert/strict'
import { test } from 'node:test'
import { story } from './story.mjs'

const Video = { S3Object: { Bucket: 'videos', Name: 'cats.mp4' } }

test('a job of a stored video is started, polled and told of in pages', async t => {
  const { call, control } = await story(t)
  await control('POST', '/videos', { video: { s3: 'videos/*.mp4' }, durationMs: 2000, shows: [
    { labels: [{ Name: 'Cat' }], persons: [{ person: 'ann' }] }] })
  const { JobId } = await call('StartLabelDetection', { Video, ClientRequestToken: 'once', JobTag: 'js' })
  assert.equal((await call('StartLabelDetection', { Video, ClientRequestToken: 'once', JobTag: 'js' })).JobId, JobId)
  const labels = []
  let answer = {}
  do {
    answer = await call('GetLabelDetection', { JobId, MaxResults: 3, NextToken: answer.NextToken })
    assert.equal(answer.JobStatus, 'SUCCEEDED')
    labels.push(...answer.Labels.map(item => item.Timestamp))
  } while (answer.NextToken)
  assert.deepEqual(labels, [0, 500, 1000, 1500])
  const tracking = await call('StartPersonTracking', { Video })
  const { Persons } = await call('GetPersonTracking', { JobId: tracking.JobId, SortBy: 'INDEX' })
  assert.equal(Persons.length, 30)
  await assert.rejects(call('GetFaceDetection', { JobId }), { name: 'ResourceNotFoundException' })
})
