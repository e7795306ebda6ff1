/** A statement kept in its own file; the bundler and the test runner import it as text. */
declare module '*.sql' {
  const text: string;
  export default text;
}
