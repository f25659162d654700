// ES modules do not look into NODE_PATH; with this, those of the tests find the SDK there.
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'

const sdk = pathToFileURL(process.env.NODE_PATH + '/').href

registerHooks({
  resolve(specifier, context, next) {
    const ours = /^(@aws-sdk|aws-sdk)\//.test(specifier) && !context.parentURL.startsWith(sdk)
    return next(specifier, ours ? { ...context, parentURL: sdk } : context)
  },
})
