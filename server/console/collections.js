/* Collections of faces: who is in them, and who matches whom. */
import { act, arnOf, ask, bdi, confirm, done, h, press, soft } from './dom.js'
import { base64Of, query, rekognition } from './api.js'
import { call, placeFields } from './actions.js'
import { badge, facts, nameOf, section, table } from './parts.js'
import { count, moment } from './time.js'
import { ofKinds } from './world.js'
import { forget, loaded, redraw } from './load.js'
import { found, historyOf, place, tags } from './projects.js'
import { callsOf } from './calls.js'

const FACES_SHOWN = 300
let matches = { of: null }

const create = scope => () => ask('Create a collection', { action: 'Create', fields: [{ name: 'id', label: 'Collection id', required: true, placeholder: 'staff' }, ...placeFields(scope)] },
  ({ id, account, region }) => call('CreateCollection', { CollectionId: id }, { account, region }, `${id} is made`))

const drop = one => () => confirm(`Delete the collection ${one.name}?`, 'All its faces and users go with it; it can’t be undone.', 'Delete', () => call('DeleteCollection', { CollectionId: one.name }, one, `${one.name} is deleted`))

export function collections({ scope }) {
  const all = ofKinds(['collection'], scope)
  return { title: 'Collections', content: [h('div.bar', h('h1', 'Collections'), h('div.buttons', press('Create a collection…', create(scope), 'primary'))),
    table('Collections', [['Collection'], ['Account'], ['Region'], ['Users', 'number'], ['Created']], all.map(one => ({ key: one.arn, cells: [nameOf(one), one.account, one.region, String(one.of.users?.length ?? 0), moment(one.of.createdAt)] })), { empty: 'There is no collection here.' })] }
}

/* ---- one ---- */

async function match(one, face) {
  const answer = await rekognition('SearchFaces', { CollectionId: one.name, FaceId: face.faceId, FaceMatchThreshold: 50, MaxFaces: 50 }, one)
  matches = { of: face.faceId, faces: answer.FaceMatches }
  done(count(answer.FaceMatches.length, 'match', 'matches'))
  redraw()
}

const index = one => () => ask(`Index faces into ${one.name}`, { action: 'Index', fields: [{ name: 'file', label: 'A PNG or JPEG', type: 'file', accept: 'image/png,image/jpeg', required: true }, { name: 'external', label: 'External image id' }] },
  async ({ file, external }) => {
    const answer = await call('IndexFaces', { CollectionId: one.name, Image: { Bytes: await base64Of(file) }, ...(external && { ExternalImageId: external }) }, one)
    forget('/state?account')
    done(`${count(answer.FaceRecords.length, 'face')} indexed`)
  })

const short = id => h('code', { title: id }, id.slice(0, 8))

function faceRow(one, face, byId) {
  const person = face.person ? bdi(face.person) : soft('a stranger')
  const like = matches.of === face.faceId && (matches.faces.length
    ? h('ul.matches', matches.faces.map(found => h('li', h('b', `${found.Similarity.toFixed(1)} %`), ' ', short(found.Face.FaceId), ' ', bdi(byId.get(found.Face.FaceId)?.person ?? found.Face.ExternalImageId ?? ''))))
    : soft('nobody else'))
  return { key: face.faceId, cells: [short(face.faceId), person, face.user ? bdi(face.user) : '', bdi(face.externalImageId ?? ''), [like || null,
    h('button', { 'aria-label': `Who matches ${face.person ?? face.faceId}`, onclick: act(() => match(one, face)) }, 'Who matches?')]] }
}

function inside(one, state) {
  const here = state.accounts[one.account]?.[one.region]?.collections?.find(collection => collection.id === one.name)
  const faces = here?.faces ?? [], users = here?.users ?? [], byId = new Map(faces.map(face => [face.faceId, face]))
  return [section(`Users`, table('Users', [['User'], ['Status'], ['Faces', 'number']], users.map(user => ({ key: user.id, cells: [bdi(user.id), badge(user.status), String(faces.filter(face => face.user === user.id).length)] })), { empty: 'It has no users.' })),
    section(`Faces`, table('Faces', [['Face'], ['Who'], ['User'], ['External image id'], ['Matches', 'wide']], faces.slice(0, FACES_SHOWN).map(face => faceRow(one, face, byId)), { empty: 'It has no faces: index some.' }),
      faces.length > FACES_SHOWN && h('p.soft', `and ${faces.length - FACES_SHOWN} more.`))]
}

export function collection({ parts: [arn] }) {
  return found(arn, one => ({ title: one.name, content: [place(one), h('div.bar', h('h1', bdi(one.name)), h('div.buttons', press('Index faces…', index(one), 'primary'), press('Delete…', drop(one), 'danger'))),
    h('p', arnOf(arn)), h('div.sides', h('div', loaded(`/state${query({ account: one.account, region: one.region })}`, state => inside(one, state), lastChange(one))),
      h('div', facts([['Face model', one.of.modelVersion], ['Created', moment(one.of.createdAt)], ['Tags', tags(one.of.tags)]]), callsOf(arn, one.name), historyOf(one)))] }))
}

/* Faces come and go without a move; a call that names the collection may have changed them. */
let changes = 0
export const noteCalls = calls => { if (!calls || calls.some(call => /Face|User/.test(call.operation))) changes++ }
const lastChange = one => `${changes} ${one.of.users?.map(user => user.status).join()}`
