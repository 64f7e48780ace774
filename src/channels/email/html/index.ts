export { htmlToText, type HtmlText } from './convert.ts';
