/* A little work for this machine while the person reads the preview: it shows that one objection is one objection.
   Without it everything is sent all the same; in a flood a person at the window then looks at it first. */
(function () {
  "use strict";
  var given = document.querySelector("input[data-work]");
  if (!given || !window.Uint32Array) { return; }
  var K = [], H = [], primes = [];

  function fraction(x) { return ((x - Math.floor(x)) * 4294967296) | 0; }

  for (var n = 2; primes.length < 64; n += 1) {
    if (primes.every(function (p) { return n % p; })) { primes.push(n); }
  }
  primes.forEach(function (p, i) {
    if (i < 8) { H.push(fraction(Math.sqrt(p))); }
    K.push(fraction(Math.cbrt ? Math.cbrt(p) : Math.pow(p, 1 / 3)));
  });

  function turn(x, n) { return (x >>> n) | (x << (32 - n)); }

  /* The first 32 bits of the SHA-256 of a text in ASCII. */
  function first(text) {
    var size = text.length, words = new Uint32Array((((size + 8) >> 6) + 1) * 16), w = new Uint32Array(64), h = H.slice();
    for (var i = 0; i < size; i += 1) { words[i >> 2] |= text.charCodeAt(i) << (24 - (i % 4) * 8); }
    words[size >> 2] |= 128 << (24 - (size % 4) * 8);
    words[words.length - 1] = size * 8;
    for (var at = 0; at < words.length; at += 16) {
      var s = h.slice();
      for (var t = 0; t < 64; t += 1) {
        if (t < 16) { w[t] = words[at + t]; } else {
          var a = w[t - 15], b = w[t - 2];
          w[t] = (w[t - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + w[t - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10))) | 0;
        }
        var one = (s[7] + (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + K[t] + w[t]) | 0;
        var two = ((turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]))) | 0;
        s = [(one + two) | 0, s[0], s[1], s[2], (s[3] + one) | 0, s[4], s[5], s[6]];
      }
      h = h.map(function (x, i) { return (x + s[i]) | 0; });
    }
    return h[0] >>> 0;
  }

  var nonce = 0, bits = parseInt(given.getAttribute("data-work"), 10), field = document.createElement("input");
  field.type = "hidden";
  field.name = "nonce";
  given.parentNode.appendChild(field);

  function some() {
    for (var stop = nonce + 500; nonce < stop; nonce += 1) {
      if (first(given.value + ":" + nonce) >>> (32 - bits) === 0) { field.value = String(nonce); return; }
    }
    window.setTimeout(some, 0);
  }
  some();
}());
