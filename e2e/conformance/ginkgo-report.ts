import { LabError } from '../lab/errors.ts';

/** How a spec ended. */
export type Outcome = 'passed' | 'failed' | 'skipped';

/** What a report says of one spec. */
export interface SpecResult {
  readonly name: string;
  readonly outcome: Outcome;
  /** Milliseconds since the epoch; both 0 when it did not run. */
  readonly began: number;
  readonly ended: number;
  /** Why it failed or skipped itself; empty otherwise. */
  readonly message: string;
  /** What it wrote; the names of its namespaces are in it. */
  readonly text: string;
}

/** The parts of ginkgo's JSON report that matter (types.Report and types.SpecReport of ginkgo 2). */
interface GinkgoSpec {
  readonly ContainerHierarchyTexts: readonly string[] | null;
  readonly LeafNodeType: string;
  readonly LeafNodeText: string;
  readonly State: string;
  readonly StartTime: string;
  readonly EndTime: string;
  readonly Failure?: { readonly Message?: string };
  readonly CapturedGinkgoWriterOutput?: string;
  readonly SpecEvents?: readonly { readonly Message?: string }[];
}

/**
 * The specs whose name matches the focus, in the order they are reported, and whatever else failed, such as the suite's
 * own set-up. Throws `CommandFailed` for a text that is no report.
 */
export function readReport(text: string, focus: string): readonly SpecResult[] {
  const wanted = new RegExp(focus);
  return suites(text)
    .flatMap(({ SpecReports }) => SpecReports ?? [])
    .map(result)
    .filter(({ isSpec, spec }) => (isSpec ? wanted.test(spec.name) : spec.outcome === 'failed'))
    .map(({ spec }) => spec);
}

function suites(text: string): readonly { SpecReports?: readonly GinkgoSpec[] | null }[] {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value as { SpecReports?: readonly GinkgoSpec[] | null }[];
  } catch (cause) {
    throw new LabError('CommandFailed', "ginkgo's report is no JSON", { cause });
  }
  throw new LabError('CommandFailed', "ginkgo's report is no list of suites");
}

function result(spec: GinkgoSpec): { isSpec: boolean; spec: SpecResult } {
  const isSpec = spec.LeafNodeType === 'It';
  const words = [...(spec.ContainerHierarchyTexts ?? []), spec.LeafNodeText].filter((word) => word !== '');
  const outcome = outcomeOf(spec.State);
  const ran = outcome !== 'skipped';
  return {
    isSpec,
    spec: {
      name: isSpec ? words.join(' ') : [`[${spec.LeafNodeType}]`, ...words].join(' '),
      outcome,
      began: ran ? Date.parse(spec.StartTime) : 0,
      ended: ran ? Date.parse(spec.EndTime) : 0,
      message: spec.Failure?.Message ?? '',
      text: [
        spec.CapturedGinkgoWriterOutput ?? '',
        ...(spec.SpecEvents ?? []).map((e) => e.Message ?? ''),
      ].join('\n'),
    },
  };
}

/** `panicked`, `timedout`, `interrupted`, `aborted` and whatever comes later are failures. */
function outcomeOf(state: string): Outcome {
  if (state === 'passed') return 'passed';
  return state === 'skipped' || state === 'pending' ? 'skipped' : 'failed';
}
