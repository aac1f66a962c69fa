// What is asked of our scripts: the faults ESLint knows, and the sizes of the house.
import js from "@eslint/js";
import globals from "globals";

const LIBRARIES = { L: "readonly", protomapsL: "readonly" };

export default [
  { ignores: ["built/", "vendor/", "node_modules/", "types/"] },
  js.configs.recommended,
  {
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "max-lines": ["error", 400],
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      "no-else-return": "error",
      "no-implicit-coercion": "error",
      "no-throw-literal": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_", caughtErrors: "none" }],
      "no-useless-return": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
    },
  },
  { files: ["js/**/*.js"], languageOptions: { globals: { ...globals.browser, ...LIBRARIES } } },
  { files: ["*.js", "*.mjs", "js/**/*.test.js"], languageOptions: { globals: globals.node } },
];
