// What `make lint` asks of the scripts: ESLint's recommended rules, and the few that the joiner relies on
// (pithtex/browser/join.py). The rules come from build/npm, where .ci/install-npm puts them.

const recommended = require("./build/npm/eslint-recommended.cjs");

const names = (text) => Object.fromEntries(text.split(" ").map((name) => [name, "readonly"]));
const everywhere = "TextDecoder TextEncoder atob btoa crypto globalThis";
const browser =
  "Blob CSSStyleSheet CustomEvent DOMParser DragEvent HTMLElement Text URL addEventListener customElements document " +
  "location navigator setTimeout";
const node = "Buffer DOMException __dirname console module process require structuredClone";

const more = {
  "consistent-return": "error",
  eqeqeq: "error",
  "max-len": ["error", { code: 120 }],
  "no-duplicate-imports": "error",
  "no-eval": "error",
  "no-implied-eval": "error",
  "no-new-func": "error",
  "no-param-reassign": "off",
  "no-shadow-restricted-names": "error",
  "no-throw-literal": "error",
  "no-unused-expressions": "error",
  "no-use-before-define": ["error", { functions: false, classes: true, variables: false }],
  "no-useless-return": "error",
  "no-var": "error",
  "object-shorthand": "error",
  "prefer-const": "error",
  "prefer-template": "error",
};

module.exports = [
  {
    files: ["pithtex/browser/**/*.js"],
    languageOptions: { ecmaVersion: 2023, sourceType: "module", globals: names(`${everywhere} ${browser}`) },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      ...recommended.rules,
      ...more,
      "no-control-regex": "off", // the characters of PDF and JSON
      "no-restricted-syntax": [
        "error",
        { selector: "Program > VariableDeclaration[declarations.length>1]", message: "One declaration a name." },
        {
          selector: "Program > ExportNamedDeclaration > VariableDeclaration[declarations.length>1]",
          message: "One declaration a name.",
        },
        { selector: "[property.name=/HTML$/]", message: "Text goes in as text." },
      ],
    },
  },
  {
    files: ["pithtex/report/**/*.js"],
    languageOptions: {
      ecmaVersion: 2023,
      sourceType: "script",
      globals: names(`${everywhere} ${browser} clearTimeout DecompressionStream Option Response`),
    },
    rules: {
      ...recommended.rules,
      ...more,
      "no-restricted-syntax": ["error", { selector: "[property.name=/HTML$/]", message: "Text goes in as text." }],
    },
  },
  {
    files: ["tests/**/*.js", "eslint.config.js", ".ci/minify", ".ci/eslint"],
    languageOptions: { ecmaVersion: 2023, sourceType: "commonjs", globals: names(`${everywhere} ${node}`) },
    rules: { ...recommended.rules, ...more, "no-new-func": "off" },
  },
];
