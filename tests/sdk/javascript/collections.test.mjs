import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sdk, story } from './story.mjs'

const CollectionId = 'staff'
const picture = Name => ({ S3Object: { Bucket: 'staff', Name } })

async function staff(t) {
  const told = await story(t, '--profile', 'aws', '--clock', 'frozen', '--set', 'face.index=0s')
  for (const person of ['ann', 'bob'])
    await told.control('POST', '/images', { image: { s3: `staff/${person}*` }, shows: { persons: [{ person }] } })
  await told.call('CreateCollection', { CollectionId })
  const index = async name => (await told.call('IndexFaces', { CollectionId, Image: picture(name), ExternalImageId: name }))
    .FaceRecords[0].Face.FaceId
  return { ...told, index }
}

test('who is indexed is found by a picture of another day', async t => {
  const { call, index } = await staff(t)
  const FaceId = await index('ann1')
  await index('bob1')
  const { FaceMatches } = await call('SearchFacesByImage', { CollectionId, Image: picture('ann2') })
  assert.deepEqual(FaceMatches.map(match => match.Face.ExternalImageId), ['ann1'])
  const compared = await call('CompareFaces', { SourceImage: picture('ann1'), TargetImage: picture('ann2') })
  assert.equal(compared.FaceMatches[0].Similarity, FaceMatches[0].Similarity)
  assert.deepEqual((await call('DeleteFaces', { CollectionId, FaceIds: [FaceId] })).DeletedFaces, [FaceId])
  assert.deepEqual((await call('SearchFacesByImage', { CollectionId, Image: picture('ann2') })).FaceMatches, [])
})

test('a user has faces, is found by each, and is busy for a while', async t => {
  const { call, control, index, refuses } = await staff(t)
  const FaceIds = [await index('ann1'), await index('ann2')]
  const user = { CollectionId, UserId: 'ann' }
  await call('CreateUser', { ...user })
  assert.equal((await call('AssociateFaces', { ...user, FaceIds })).UserStatus, 'UPDATING')
  await refuses('ConflictException', 'DeleteUser', { ...user })
  await control('POST', '/clock/advance', { until: 'settled' })
  for (const FaceId of FaceIds) {
    const { UserMatches } = await call('SearchUsers', { CollectionId, FaceId })
    assert.deepEqual(UserMatches.map(match => match.User), [{ UserId: 'ann', UserStatus: 'ACTIVE' }])
  }
  await call('DeleteUser', { ...user })
  await refuses('ResourceNotFoundException', 'DeleteUser', { ...user })
})

test('faces and collections are listed by the paginators of the SDK', async t => {
  const { client, call, index } = await staff(t)
  for (let i = 0; i < 5; i++)
    await index(`ann${i}`)
  await call('CreateCollection', { CollectionId: 'guests' })
  const faces = [], collections = []
  for await (const page of sdk.paginateListFaces({ client, pageSize: 2 }, { CollectionId }))
    faces.push(...page.Faces.map(face => face.ExternalImageId))
  for await (const page of sdk.paginateListCollections({ client, pageSize: 1 }, {}))
    collections.push(...page.CollectionIds)
  assert.deepEqual(faces.sort(), ['ann0', 'ann1', 'ann2', 'ann3', 'ann4'])
  assert.deepEqual(collections, ['guests', CollectionId])
})
