// Text that has broken reports before: what a manifest may hold by accident or by malice.

/** Each stands in every text column of a row. */
export const HOSTILE: readonly string[] = [
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<!--<script>',
  '"><svg/onload=alert(1)>',
  "' onmouseover='alert(1)",
  'javascript:alert(1)',
  '&lt;b&gt;&amp;',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is meant to look like one
  '${alert(1)}`',
  '\u202Egnp.exe\u202C',
  '👩‍👩‍👧‍👦 \u{1F3F4}\u{E0067}\u{E0062}',
  '\uD800 a lone surrogate',
  '\u2028\u2029 line separators',
  'a\u0000b\u001b[31mred\u0007',
  'x'.repeat(10_000),
];
