// What the parts beside this share: elements, buttons, and a line that tells the reader something.
"use strict";
(() => {
  const nnbook = (window.nnbook ??= {});
  let line;
  nnbook.make = (tag, className, ...children) => {
    const element = document.createElement(tag);
    element.className = className;
    element.append(...children);
    return element;
  };
  nnbook.button = (words, press) => {
    const element = nnbook.make("button", "kept-button", words);
    element.type = "button";
    element.addEventListener("click", press);
    return element;
  };
  nnbook.say = (words) => {
    line?.remove();
    line = nnbook.make("div", "kept-say");
    line.setAttribute("role", "status");
    document.body.append(line);
    const said = line;
    line.append(`${words} `, nnbook.button("Close", () => said.remove()));
  };
})();
