import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Owned } from './owner.ts';
import { ownerOf } from './owner.ts';

const FREE: Owned = {
  labels: { 'k8s-app': 'kube-proxy' },
  annotations: {},
  managers: ['kubeadm', 'kubectl-client-side-apply'],
};

const CASES: readonly [Partial<Owned>, RegExp | undefined][] = [
  [{}, undefined],
  [{ labels: { 'argocd.argoproj.io/instance': 'platform' } }, /Argo CD application platform/],
  [{ annotations: { 'argocd.argoproj.io/tracking-id': 'p:apps/DaemonSet' } }, /Argo CD application p:apps/],
  [{ managers: ['argocd-controller'] }, /Argo CD/],
  [{ labels: { 'kustomize.toolkit.fluxcd.io/name': 'infra' } }, /Flux Kustomization infra/],
  [{ managers: ['kustomize-controller'] }, /Flux Kustomization/],
  [{ labels: { 'helm.toolkit.fluxcd.io/name': 'kp' } }, /Flux HelmRelease kp/],
  [{ annotations: { 'meta.helm.sh/release-name': 'kp' } }, /Helm release kp/],
  [{ labels: { 'addonmanager.kubernetes.io/mode': 'Reconcile' } }, /add-on manager mode Reconcile/],
  [{ labels: { 'addonmanager.kubernetes.io/mode': 'EnsureExists' } }, undefined],
  [{ managers: ['eks'] }, /Amazon EKS/],
  [{ managers: ['aksService'] }, /Azure/],
];

for (const [part, name] of CASES) {
  test(`O3: ${JSON.stringify(part)} is owned by ${String(name)}`, () => {
    const owner = ownerOf({ ...FREE, ...part });
    if (name === undefined) assert.equal(owner, undefined);
    else assert.match(owner?.name ?? '', name);
  });
}
