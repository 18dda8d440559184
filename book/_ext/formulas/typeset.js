// Typesets formulas: takes a list of [TeX, whether it stands alone] and gives their markup and the sheet for it.
// Run by Node: typeset.js, the folder of MathJax, the address of its fonts as the sheet says it.
"use strict";
const [, , folder, fonts] = process.argv;
console.warn = () => {}; // MathJax says that one of its parts tells no version
const settings = {
  loader: {
    paths: { mathjax: folder },
    require,
    load: ["input/tex", "output/chtml", "adaptors/liteDOM", "a11y/assistive-mml"],
  },
  chtml: { fontURL: fonts, adaptiveCSS: false },
  startup: { typeset: false },
};

async function main(formulas) {
  const MathJax = await require(`${folder}/node-main.js`).init(settings);
  const { adaptor } = MathJax.startup;
  const markup = [];
  for (const [tex, display] of formulas)
    markup.push(adaptor.outerHTML(await MathJax.tex2chtmlPromise(tex, { display })));
  return { markup, sheet: adaptor.textContent(MathJax.chtmlStylesheet()) };
}

const said = require("fs").readFileSync(0, "utf8");
main(JSON.parse(said)).then((result) => process.stdout.write(JSON.stringify(result)));
