/** The dataplane of one node of the rig: it runs in that node's network namespace and cgroup. */
import type { BpfLink } from '@margay/addon/api';
import { loadNative } from '@margay/addon/native';
import { CGROUP_PROGRAMS } from '@margay/agent/dataplane/hooks';

import {
  Dataplane,
  type EndpointSpec,
  type RouteSpec,
  type ServiceSpec,
  type Settings,
  type StateSpec,
} from './dataplane.ts';
import { serve } from './rpc.ts';

const native = loadNative();
const links: BpfLink[] = [];
let loaded: Dataplane | undefined;

function plane(): Dataplane {
  if (loaded === undefined) throw new Error('nothing is loaded');
  return loaded;
}

interface Attachment {
  readonly ifindex: number;
  readonly ingress: string;
  readonly egress: string;
}

const handlers = {
  async load(settings: Settings): Promise<void> {
    loaded?.close();
    loaded = await Dataplane.load(native, { hostNetnsCookie: native.netnsCookie(), ...settings });
  },
  attach({ ifindex, ingress, egress }: Attachment): void {
    links.push(native.attachTcx(plane().program(ingress), ifindex, 'ingress'));
    links.push(native.attachTcx(plane().program(egress), ifindex, 'egress'));
  },
  attachSockets(cgroup: string): void {
    for (const name of CGROUP_PROGRAMS[plane().family])
      links.push(native.attachCgroup(plane().program(name), cgroup));
  },
  /** The links outlive this process. */
  pinLinks(folder: string): void {
    links.forEach((link, i) => link.pin(`${folder}/${i}`));
  },
  putSource: ({ set, cidr }: { readonly set: number; readonly cidr: string }): void =>
    plane().putSource(set, cidr),
  putService: (service: ServiceSpec): void => plane().putService(service),
  putEndpoint: (endpoint: EndpointSpec): void => plane().putEndpoint(endpoint),
  deleteEndpoint: (address: string): boolean => plane().deleteEndpoint(address),
  putRoute: (route: RouteSpec): void => plane().putRoute(route),
  setState: (state: StateSpec): void => plane().setState(state),
  async flowCount(): Promise<number> {
    return (await plane().flows()).length;
  },
  clearFlows: (): Promise<void> => plane().clearFlows(),
  counters: (): Record<string, number> => Object.fromEntries(plane().counters()),
};
export type NodeHandlers = typeof handlers;

serve(handlers);
