/** Fonts in slices: a browser fetches only those that hold the signs on the page. */
import "@fontsource/yuji-boku/400.css";
import "@fontsource/zen-old-mincho/400.css";
import "@fontsource/zen-old-mincho/700.css";
