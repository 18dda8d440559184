// The colours of a cell that a reader has changed. The text stays as it is, so that the caret and undo
// do too: words are marked by ranges (CSS highlights), in the colours that the book's code has in
// either theme. A browser without them shows changed code in one colour.

const KEYWORDS = words("as assert async await break class continue def del elif else except finally for from "
  + "global if import lambda nonlocal pass raise return try while with yield");
const CONSTANTS = words("True False None");
const OPERATORS = words("and or not in is");
const BUILTINS = words("abs aiter all any anext bin bool breakpoint bytearray bytes callable chr classmethod compile "
  + "complex delattr dict dir divmod enumerate eval filter float format frozenset getattr globals hasattr hash hex id "
  + "input int isinstance issubclass iter len list locals map max memoryview min next object oct open ord pow print "
  + "property range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip __import__");
const ITSELF = words("self cls Ellipsis NotImplemented");
const EXCEPTIONS = words("ArithmeticError AssertionError AttributeError BaseException EOFError Exception FileNotFoundError "
  + "FloatingPointError ImportError IndexError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError "
  + "NotImplementedError OSError OverflowError RecursionError RuntimeError RuntimeWarning StopIteration SyntaxError SystemExit "
  + "TimeoutError TypeError UnicodeDecodeError UnicodeError UserWarning ValueError Warning ZeroDivisionError");
const OF_PYTHON = words("__class__ __dict__ __doc__ __file__ __module__ __mro__ __name__ __qualname__ __slots__");
const MODULE = /^[ \t]*(?:from[ \t]+[\w.]*|import[ \t]+(?:[\w.]+(?:[ \t]+as[ \t]+\w+)?,[ \t]*)*(?:[\w.]+[ \t]+as[ \t]+)?[\w.]*)$/; // a line up to a module's name
// In this order: a comment, the begin of a string, a number, a word, a decorator, an operator.
const TOKEN = new RegExp([
  /(?<comment>#.*)/,
  /(?<prefix>\b(?:[rbuft]|rb|br|rf|fr|rt|tr))?(?<quote>'''|"""|'|")/,
  /(?<number>0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d[\d_]*)?[jJ]?)/,
  /(?<word>[a-z_\u0080-\uffff][\w\u0080-\uffff]*)/,
  /(?<decorator>(?<=^[ \t]*)@[a-z_]\w*)/,
  /(?<operator>!=|==|<<|>>|:=|[-~+/*%=<>&^|.@])/,
].map(({ source }) => source).join("|"), "gim");

function words(text) {
  return new Set(text.split(" "));
}

// The words of Python code: [class that Pygments gives them, from, to], in order.
export function tokens(code) {
  const found = [];
  const add = (kind, from, to) => from < to && found.push([kind, from, to]);
  let last = ""; // the word before
  TOKEN.lastIndex = 0;
  for (let match; (match = TOKEN.exec(code)); ) {
    const { index } = match;
    const { comment, prefix, quote, number, word, decorator, operator } = match.groups;
    const end = index + match[0].length;
    if (quote) {
      const begin = index + (prefix?.length ?? 0);
      add("sa", index, begin);
      TOKEN.lastIndex = string(code, end, prefix ?? "", quote, begin, add);
    } else if (word) add(kindOf(word, last, code, index), index, end);
    else if (comment) add("c1", index, end);
    else if (number) add(/^0x/i.test(number) ? "mh" : /^0b/i.test(number) ? "mb" : /[.e]/i.test(number) ? "mf" : "mi", index, end);
    else if (decorator) add("nd", index, end);
    else if (operator) add(operator === "." && inModule(code, index) ? "nn" : "o", index, end);
    last = word;
  }
  return found;
}

// Whether what comes next is, or is part of, the name of a module that is imported.
function inModule(code, index) {
  return MODULE.test(code.slice(code.lastIndexOf("\n", index - 1) + 1, index));
}

function kindOf(word, last, code, index) {
  if (word === "__init__" || (last === "def" && /^__\w+__$/.test(word))) return "fm";
  if (last === "def") return "nf";
  if (last === "class") return "nc";
  if (OPERATORS.has(word)) return "ow";
  if (CONSTANTS.has(word)) return "kc";
  if (word === "import" || word === "from") return "kn";
  if (KEYWORDS.has(word)) return "k";
  if (inModule(code, index)) return "nn";
  if (OF_PYTHON.has(word)) return "vm";
  if (code[index - 1] === ".") return "n"; // a part of something
  if (ITSELF.has(word)) return "bp";
  if (BUILTINS.has(word)) return "nb";
  return EXCEPTIONS.has(word) ? "ne" : "n";
}

// A string from its quote on; return where it ends. In an f-string, what stands in braces is code.
function string(code, at, prefix, quote, from, add) {
  const kind = quote[0] === "'" ? "s1" : "s2";
  const filled = /[ft]/i.test(prefix);
  const raw = /r/i.test(prefix);
  const whole = quote.length === 3;
  for (let i = at; i < code.length; i += 1) {
    if (code.startsWith(quote, i)) {
      add(kind, from, i + quote.length);
      return i + quote.length;
    }
    if (code[i] === "\n" && !whole) {
      add("err", from, i); // not closed, as while it is being typed
      return i;
    }
    if (code[i] === "\\") {
      if (!raw) {
        add(kind, from, i);
        add("se", i, i + 2);
        from = i + 2;
      }
      i += 1;
    } else if (filled && "{}".includes(code[i])) {
      if (code[i + 1] === code[i]) {
        add(kind, from, i);
        add("se", i, i + 2);
        from = i + 2;
        i += 1;
      } else if (code[i] === "{") {
        add(kind, from, i);
        i = from = braces(code, i, quote, add);
        i -= 1;
      }
    }
  }
  add(kind, from, code.length);
  return code.length;
}

// From a brace in a string to behind the one that closes it.
function braces(code, at, quote, add) {
  add("si", at, at + 1);
  let depth = 0;
  let end = at + 1;
  for (; end < code.length && !code.startsWith(quote, end) && (quote.length === 3 || code[end] !== "\n"); end += 1) {
    if (depth === 0 && (code[end] === "}" || code[end] === ":" || (code[end] === "!" && code[end + 1] !== "="))) break;
    depth += "([{".includes(code[end]) - ")]}".includes(code[end]);
  }
  const last = TOKEN.lastIndex;
  for (const [kind, from, to] of tokens(code.slice(at + 1, end))) add(kind, at + 1 + from, at + 1 + to);
  TOKEN.lastIndex = last;
  let from = end; // how it is written: between a colon and the brace
  while (end < code.length && code[end] !== "}" && !code.startsWith(quote, end) && code[end] !== "\n") {
    if (code[end] !== "{") end += 1;
    else {
      add("si", from, end);
      end = from = braces(code, end, quote, add);
    }
  }
  const closed = code[end] === "}" ? 1 : 0;
  add("si", from, end + closed);
  return end + closed;
}

const marks = new Map(); // a cell's element -> [[highlight, range], ...]
const styles = new Set(); // the classes that have a colour

// For each rule of the book's code, one for the words of the same kind in a changed cell.
function takeStyles() {
  const rules = [];
  for (const { href, cssRules } of document.styleSheets) {
    if (!href) continue; // all sheets that are files are the site's own
    for (const { selectorText, style } of cssRules) {
      const [, theme, kind] = selectorText?.match(/^(html\S*) \.highlight \.(\w+)$/) ?? [];
      if (!kind || !style.color) continue;
      styles.add(kind);
      rules.push(`${theme} pre.run-edited::highlight(nn-${kind}), ${theme} pre.run-edited *::highlight(nn-${kind}) { color: ${style.color}; }`);
    }
  }
  const sheet = document.createElement("style");
  sheet.textContent = rules.join("\n");
  document.head.append(sheet);
}

export function clear(pre) {
  for (const [highlight, range] of marks.get(pre) ?? []) highlight.delete(range);
  marks.delete(pre);
}

// Colour what stands in a changed cell.
export function colour(pre) {
  if (!window.Highlight || !CSS.highlights) return;
  if (!styles.size) takeStyles();
  clear(pre);
  const places = []; // [node, where it begins]
  let code = "";
  for (const walker = document.createTreeWalker(pre, NodeFilter.SHOW_ALL); walker.nextNode(); ) {
    const node = walker.currentNode;
    if (node.nodeType === Node.TEXT_NODE) {
      places.push([node, code.length]);
      code += node.data;
    } else if (node.nodeName === "BR") code += "\n"; // some browsers' line ends
  }
  let place = 0;
  const here = (at) => { // tokens come in order, and so do their ends
    while (place + 1 < places.length && places[place + 1][1] < at) place += 1;
    const [node, start] = places[place];
    return [node, Math.min(at - start, node.length)];
  };
  const mine = [];
  for (const [kind, from, to] of tokens(code)) {
    if (!styles.has(kind)) continue;
    const range = document.createRange();
    range.setStart(...here(from));
    range.setEnd(...here(to));
    if (!CSS.highlights.has(`nn-${kind}`)) CSS.highlights.set(`nn-${kind}`, new Highlight());
    const highlight = CSS.highlights.get(`nn-${kind}`);
    highlight.add(range);
    mine.push([highlight, range]);
  }
  marks.set(pre, mine);
}
