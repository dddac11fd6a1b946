/** Something that needs a person, in words that go to the condition Degraded. */
export interface Problem {
  /** PascalCase. */
  readonly reason: string;
  /** What, where, and what to do; with a name in it. */
  readonly message: string;
}
