/** Who is signed in: OpenID Connect, code flow with PKCE, renewed silently. Knows no React. */

import { type User, UserManager, WebStorageStateStore } from "oidc-client-ts";

export type Config = { issuer: string; client_id: string; scope: string };

export type Standing = "signed-in" | "signed-out" | "ended";
/** `ended`: somebody was signed in, and the session can no longer be renewed. The page stays as it is. */

/** Whoever has not answered by then is away. */
const PATIENCE_SECONDS = 15;

export async function readConfig(): Promise<Config> {
  const answer = await fetch("/config.json", { signal: AbortSignal.timeout(PATIENCE_SECONDS * 1000) });
  if (!answer.ok) throw new Error(`/config.json answered ${answer.status}`);
  return answer.json();
}

export class Session {
  #users: UserManager;
  #user: User | null = null;
  #standing: Standing = "signed-out";
  #renewing: Promise<boolean> | null = null;
  #listeners = new Set<() => void>();

  constructor(
    readonly config: Config,
    origin: string = location.origin,
  ) {
    this.#users = new UserManager({
      authority: config.issuer,
      client_id: config.client_id,
      scope: config.scope,
      redirect_uri: `${origin}/signed-in`,
      post_logout_redirect_uri: `${origin}/signed-out`,
      // Shared by the tabs of a browser: a second tab or a reload asks for no second sign-in.
      userStore: new WebStorageStateStore({ store: localStorage }),
      automaticSilentRenew: true,
      monitorSession: false,
      requestTimeoutInSeconds: PATIENCE_SECONDS,
    });
    this.#users.events.addUserLoaded((user) => this.#become("signed-in", user));
    this.#users.events.addUserUnloaded(() => this.#become("signed-out", null));
    // Another tab signed in, renewed or signed out.
    addEventListener("storage", (event) => event.key?.startsWith("oidc.user:") && this.#adopt());
  }

  get standing(): Standing {
    return this.#standing;
  }

  /** Who they are to the issuer; empty while nobody is signed in. */
  get learner(): string {
    return this.#user?.profile.sub ?? "";
  }

  get name(): string {
    const profile = this.#user?.profile;
    return String(profile?.name ?? profile?.["cognito:username"] ?? profile?.email ?? "");
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Find the session of an earlier visit. */
  async restore(): Promise<void> {
    await this.#adopt();
    if (this.#standing === "ended") await this.renew();
  }

  /** The token to send, renewed first when it is about to expire. */
  async token(): Promise<string | undefined> {
    if (this.#user && (this.#user.expires_in ?? 0) < 10) await this.renew();
    return this.#user?.access_token;
  }

  /** Whether there is a fresh token now. Many may ask at once; one renewal serves them all. */
  renew(): Promise<boolean> {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  signIn(returnTo: string): Promise<void> {
    return this.#users.signinRedirect({ state: returnTo });
  }

  /** On the way back from the issuer. Returns where the learner was going; throws when the answer is not for us. */
  async finishSignIn(): Promise<string> {
    const user = await this.#users.signinCallback();
    return typeof user?.state === "string" ? user.state : "/";
  }

  async signOut(): Promise<void> {
    const address = this.#users.settings.post_logout_redirect_uri ?? location.origin;
    // Cognito wants its own two names; OpenID's are sent as well.
    await this.#users.signoutRedirect({
      extraQueryParams: { client_id: this.config.client_id, logout_uri: address },
    });
  }

  async #renew(): Promise<boolean> {
    // Without one the library would try a hidden frame, which the policy of our pages and issuers' alike refuses.
    if (!(await this.#users.getUser())?.refresh_token) {
      if (this.#user) this.#become("ended", this.#user);
      return false;
    }
    try {
      const user = await this.#users.signinSilent();
      if (user) this.#become("signed-in", user);
      return user !== null;
    } catch (error) {
      // An issuer that cannot be reached says nothing about the session.
      if (isRefusal(error)) this.#become("ended", this.#user);
      return false;
    }
  }

  async #adopt(): Promise<void> {
    const user = await this.#users.getUser();
    if (!user) this.#become("signed-out", null);
    else this.#become(user.expired ? "ended" : "signed-in", user);
  }

  #become(standing: Standing, user: User | null): void {
    this.#user = user;
    this.#standing = standing;
    for (const listener of this.#listeners) listener();
  }
}

function isRefusal(error: unknown): boolean {
  return (
    error instanceof Error &&
    (error.name === "ErrorResponse" || "error" in error || /refresh_token|iframe/i.test(error.message))
  );
}
