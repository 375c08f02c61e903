/** A login that the server prints when it starts with demo data. */
export interface DemoLogin {
  email: string;
  password: string;
  /** What the server says about the user, such as the role. */
  about: string;
}

const LINE = /^\s*([\w.+-]+@[\w.-]+)\s+(\S+)(?:\s+(.*\S))?\s*$/;

/** Finds the lines "e-mail  password  what it is" in the server's output. */
export function readLogins(output: string): DemoLogin[] {
  return output.split("\n").flatMap((line) => {
    const [, email, password, about] = LINE.exec(line) ?? [];
    return email && password ? [{ email, password, about: about ?? "" }] : [];
  });
}

/** The demo login whose e-mail begins with `user`, or whose description mentions it. */
export function demoLogin(user: string): DemoLogin {
  const logins = JSON.parse(process.env.CONEXAO_E2E_LOGINS ?? "[]") as DemoLogin[];
  const wanted = user.toLowerCase();
  const found =
    logins.find((login) => login.email.startsWith(wanted)) ??
    logins.find((login) => login.about.toLowerCase().includes(wanted));
  if (!found) {
    const known = logins.map((login) => login.email).join(", ") || "none";
    throw new Error(`the server printed no demo login for "${user}"; it printed: ${known}`);
  }
  return found;
}
