// Turns formulas into MathML: takes a list of [TeX, whether it stands alone] and gives their MathML.
// Run by Node: mathml.js, the folder of MathJax.
"use strict";
const folder = process.argv[2];
console.warn = () => {}; // MathJax says that one of its parts tells no version
const settings = {
  loader: { paths: { mathjax: folder }, require, load: ["input/tex", "adaptors/liteDOM"] },
  startup: { typeset: false },
};

async function main(formulas) {
  const MathJax = await require(`${folder}/node-main.js`).init(settings);
  const made = [];
  for (const [tex, display] of formulas) made.push(await MathJax.tex2mmlPromise(tex, { display }));
  return made;
}

const said = require("fs").readFileSync(0, "utf8");
main(JSON.parse(said)).then((made) => process.stdout.write(JSON.stringify(made)));
