/* A call as a program or a command line would make it. */

const kebab = name => name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase()
const quoted = text => /^[\w.:/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`

/* Bytes are base64 in the journal; in programs they are bytes. */
const bytesOf = (key, value) => key === 'Bytes' && typeof value === 'string'

/* A value as a literal: of Python, or of JavaScript. */
function literal(value, python, key = '', deep = 0) {
  const step = python ? '    ' : '  ', inside = step.repeat(deep + 1)
  if (bytesOf(key, value)) return python ? `base64.b64decode(${JSON.stringify(value)})` : `Buffer.from(${JSON.stringify(value)}, "base64")`
  if (python && (value === null || typeof value === 'boolean')) return value === null ? 'None' : value ? 'True' : 'False'
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const named = name => !python && /^\w+$/.test(name) ? name : JSON.stringify(name)
  const items = Array.isArray(value) ? value.map(item => literal(item, python, '', deep + 1)) : Object.entries(value).map(([name, item]) => `${named(name)}: ${literal(item, python, name, deep + 1)}`)
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  return items.length ? `${open}\n${items.map(item => inside + item).join(',\n')},\n${step.repeat(deep)}${close}` : open + close
}

export const snippets = {
  'aws CLI': ({ operation, input, account, region }, origin) =>
    `AWS_ACCESS_KEY_ID=${quoted(account)} AWS_SECRET_ACCESS_KEY=any aws rekognition ${kebab(operation)} \\\n    --endpoint-url ${origin} --region ${quoted(region)} \\\n    --cli-input-json ${quoted(JSON.stringify(input))}`,
  boto3: ({ operation, input, account, region }, origin) => {
    const body = literal(input ?? {}, true)
    return `${body.includes('base64.b64decode') ? 'import base64\n\n' : ''}import boto3\n\nrekognition = boto3.client("rekognition", endpoint_url="${origin}", region_name=${JSON.stringify(region)},\n                           aws_access_key_id=${JSON.stringify(account)}, aws_secret_access_key="any")\n` +
      `answer = rekognition.${kebab(operation).replaceAll('-', '_')}(**${body})\nprint(answer)`
  },
  JavaScript: ({ operation, input, account, region }, origin) =>
    `import { RekognitionClient, ${operation}Command } from "@aws-sdk/client-rekognition"\n\nconst client = new RekognitionClient({ endpoint: "${origin}", region: ${JSON.stringify(region)},\n  credentials: { accessKeyId: ${JSON.stringify(account)}, secretAccessKey: "any" } })\n` +
    `console.log(await client.send(new ${operation}Command(${literal(input ?? {}, false)})))`,
  curl: ({ operation, input, account, region }, origin) =>
    `curl ${origin} -H 'Content-Type: application/x-amz-json-1.1' \\\n    -H 'X-Amz-Target: RekognitionService.${operation}' \\\n    --aws-sigv4 ${quoted(`aws:amz:${region}:rekognition`)} --user ${quoted(account + ':any')} \\\n    -d ${quoted(JSON.stringify(input ?? {}))}`,
}
