/** The package.json that users get: it points to dist, and says nothing about how the project is developed. */
export function publishedForm(own: string): string {
  const { workspaces, devDependencies, scripts, exports, bin, ...rest } = JSON.parse(own)
  const published = {
    ...rest,
    exports: {
      '.': { types: './dist/index.d.ts', default: built(exports['.'].default) },
      './package.json': './package.json',
    },
    bin: Object.fromEntries(Object.entries<string>(bin).map(([name, file]) => [name, built(file)])),
  }
  return `${JSON.stringify(published, undefined, 2)}\n`
}

/** Where the build puts a source: `src/cli/main.mts` becomes `dist/cli/main.mjs`. */
function built(file: string): string {
  return file.replace('./src/', './dist/').replace(/\.(m?)ts$/, '.$1js')
}
