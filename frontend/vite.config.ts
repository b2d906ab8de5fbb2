import { defineConfig } from "vite";

// The one entry keeps its name, because templates and Django's static storage name it; every other file carries the hash
// of its content and is reached by a path relative to the file that asks for it.
export default defineConfig({
  base: "./",
  publicDir: false,
  build: {
    outDir: "../src/suyuan/web/static/app",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: ["chrome105", "firefox115", "safari16"],
    chunkSizeWarningLimit: 1500,
    assetsInlineLimit: 0,
    assetsDir: ".",
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { room: "src/room.ts" },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: (chunk) => {
          const island = /src[\\/](\w+)[\\/]island\.ts$/.exec(chunk.facadeModuleId ?? "");
          return `${island?.[1] ?? "[name]"}-[hash].js`;
        },
        assetFileNames: "[name]-[hash][extname]",
        // Nothing may be imported back from the entry: it is served under a second, hashed name and would run twice.
        codeSplitting: {
          groups: [
            { name: "shared", test: /preload-helper|[\\/]src[\\/](shared|generated)[\\/]/ },
          ],
        },
      },
    },
  },
  worker: { format: "es", rolldownOptions: { output: { entryFileNames: "[name]-[hash].js" } } },
});
