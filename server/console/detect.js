/* An image dropped on a running version: what it sees, drawn; and what it is told to see. */
import { ask, done, failed, h, press } from './dom.js'
import { base64Of, control, rekognition } from './api.js'
import { picture, table } from './parts.js'
import { refresh } from './world.js'
import { redraw } from './load.js'

const shown = new Map() // by ARN: { url, labels }

async function look(one, file) {
  if (!file) return
  try {
    const answer = await rekognition('DetectCustomLabels', { ProjectVersionArn: one.arn, Image: { Bytes: await base64Of(file) } }, one)
    URL.revokeObjectURL(shown.get(one.arn)?.url)
    shown.set(one.arn, { file, url: URL.createObjectURL(file), name: file.name, labels: answer.CustomLabels })
    done(answer.CustomLabels.length ? `It sees ${answer.CustomLabels.map(label => label.Name).join(', ')}` : 'It sees nothing there')
    redraw()
  } catch (error) {
    failed(error)
  }
}

const tell = one => () => ask('Say what it sees', { action: 'Say it', text: h('p.soft', 'In every image, until you end it under Rules. Of an image of its training it knows what that says.'), fields: [
  { name: 'name', label: 'Label', required: true, placeholder: 'rose' }, { name: 'confidence', label: 'Confidence', type: 'number', min: 0, step: 'any', value: 98, required: true },
  { name: 'box', label: 'Box', placeholder: '0.2 0.2 0.5 0.5', help: 'Left, top, width and height as parts of the sides.' }] },
async ({ name, confidence, box }) => {
  const [left, top, width, height] = (box ?? '').split(/[\s,]+/).map(Number)
  await control('POST', '/detections', { version: one.arn, labels: [{ name, confidence, ...(box && { boundingBox: { left, top, width, height } }) }] })
  refresh()
  const last = shown.get(one.arn)
  if (last) await look(one, last.file)
})

function seen(result) {
  const boxes = result.labels.filter(label => label.Geometry?.BoundingBox).map(({ Name, Geometry: { BoundingBox: box } }) => ({ label: Name, box: { left: box.Left, top: box.Top, width: box.Width, height: box.Height } }))
  return h('div.seen', picture(result.url, result.name, boxes), result.labels.length
    ? table('Labels', [['Label'], ['Confidence', 'number']], result.labels.map(label => ({ key: label.Name + JSON.stringify(label.Geometry), cells: [h('bdi', label.Name), `${label.Confidence.toFixed(1)} %`] })))
    : h('p.empty', 'It sees nothing there: nobody has told it of this image.'))
}

export function detector(one) {
  const input = h('input', { type: 'file', accept: 'image/png,image/jpeg', 'aria-label': 'An image to look at', onchange: event => look(one, event.target.files[0]) })
  const result = shown.get(one.arn)
  return [h('div.drop', { ondragover: event => { event.preventDefault(); event.currentTarget.classList.add('over') }, ondragleave: event => event.currentTarget.classList.remove('over'),
    ondrop: event => {
      event.preventDefault()
      event.currentTarget.classList.remove('over')
      look(one, event.dataTransfer.files[0])
    } }, h('p', 'Drop a PNG or JPEG here, or choose one: '), input, press('Say what it sees…', tell(one))), result && seen(result)]
}
