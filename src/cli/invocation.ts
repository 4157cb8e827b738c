/** The command as whoever reads this can type it: npm puts it on the path of what it starts alone. */
export const invocation = process.env.npm_command ? 'npx acr-cmk' : 'acr-cmk';
