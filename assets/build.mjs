// Builds everything in static/vendor: one style sheet, one script, the icons used, and the licences.
// `npm ci && npm run build` gives the same bytes each time; static/vendor/manifest.json holds their hashes.
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { buildSync } from 'esbuild'
import { compile } from 'sass'

const OUT = 'static/vendor'
const GOVUK = 'node_modules/govuk-frontend'
const MOJ = 'node_modules/@ministryofjustice/frontend'
const ICONS = ['icon-document.svg']
const LICENCES = 'assets/licences' // neither package carries its licence's text

const hash = (path) => createHash('sha256').update(readFileSync(path)).digest('hex')
const files = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
const hashes = (paths) => Object.fromEntries(paths.map((path) => [path, hash(path)]))

rmSync(OUT, { recursive: true, force: true })
mkdirSync(`${OUT}/images`, { recursive: true })

const { css } = compile('assets/main.scss', {
  style: 'compressed',
  loadPaths: ['.', 'node_modules'],
  quietDeps: true
})
writeFileSync(`${OUT}/all.css`, css)

buildSync({
  entryPoints: ['assets/start.js'],
  outfile: `${OUT}/all.js`,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2020',
  legalComments: 'inline'
})

for (const icon of ICONS) cpSync(`${MOJ}/moj/assets/images/${icon}`, `${OUT}/images/${icon}`)
for (const licence of readdirSync(LICENCES)) cpSync(`${LICENCES}/${licence}`, `${OUT}/LICENCE-${licence}`)

const manifest = {
  versions: Object.fromEntries(
    [GOVUK, MOJ].map((folder) => [folder.replace('node_modules/', ''), JSON.parse(readFileSync(`${folder}/package.json`)).version])
  ),
  built_from: hashes([...files('assets'), 'package-lock.json']),
  files: hashes(files(OUT))
}
writeFileSync(`${OUT}/manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`)
