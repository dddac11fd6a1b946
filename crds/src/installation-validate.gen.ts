// Generated from crds/schemas/installation.yaml by tools/codegen/crd-types.ts: edit that, then `make codegen`.
// @ts-nocheck
var __getOwnPropNames = Object.getOwnPropertyNames;
var __commonJS = (cb, mod) => function __require() {
  try {
    return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
  } catch (e) {
    throw mod = 0, e;
  }
};

// node_modules/ajv/dist/runtime/ucs2length.js
var require_ucs2length = __commonJS({
  "node_modules/ajv/dist/runtime/ucs2length.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    function ucs2length(str) {
      const len = str.length;
      let length = 0;
      let pos = 0;
      let value;
      while (pos < len) {
        length++;
        value = str.charCodeAt(pos++);
        if (value >= 55296 && value <= 56319 && pos < len) {
          value = str.charCodeAt(pos);
          if ((value & 64512) === 56320)
            pos++;
        }
      }
      return length;
    }
    exports.default = ucs2length;
    ucs2length.code = 'require("ajv/dist/runtime/ucs2length").default';
  }
});

// <stdin>
var validate = validate10;
var stdin_default = validate10;
var schema11 = { "type": "object", "required": ["spec"], "properties": { "apiVersion": { "type": "string" }, "kind": { "type": "string" }, "metadata": { "type": "object" }, "spec": { "type": "object", "properties": { "bpfEnabled": { "type": "boolean" }, "bpfNodeSelector": { "type": "object", "properties": { "matchLabels": { "type": "object", "maxProperties": 32, "additionalProperties": { "type": "string", "maxLength": 63 } }, "matchExpressions": { "type": "array", "maxItems": 32, "items": { "type": "object", "required": ["key", "operator"], "properties": { "key": { "type": "string", "minLength": 1, "maxLength": 317 }, "operator": { "type": "string", "enum": ["In", "NotIn", "Exists", "DoesNotExist"] }, "values": { "type": "array", "maxItems": 64, "items": { "type": "string", "maxLength": 63 } } } } } } }, "kubeProxyManagement": { "type": "string", "enum": ["Enabled", "Disabled"] }, "kubeProxy": { "type": "object", "properties": { "namespace": { "type": "string", "minLength": 1, "maxLength": 63, "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$" }, "name": { "type": "string", "minLength": 1, "maxLength": 253, "pattern": "^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$" } } }, "bpfExternalServiceMode": { "type": "string", "enum": ["Tunnel", "DSR"] }, "bpfDSROptoutCIDRs": { "type": "array", "maxItems": 64, "items": { "type": "string", "minLength": 4, "maxLength": 49 } }, "bpfConnectTimeLoadBalancing": { "type": "string", "enum": ["TCP", "Disabled"] }, "bpfExcludeCIDRsFromNAT": { "type": "array", "maxItems": 64, "items": { "type": "string", "minLength": 4, "maxLength": 49 } }, "bpfKubeProxyIptablesCleanupEnabled": { "type": "boolean" }, "bpfLogLevel": { "type": "string", "enum": ["Disabled", "Info", "Debug"] }, "nodePortAddresses": { "type": "array", "maxItems": 32, "items": { "type": "string", "minLength": 4, "maxLength": 49 } }, "network": { "type": "object", "properties": { "cni": { "type": "string", "enum": ["Auto", "Margay", "Chained", "None"] }, "margay": { "type": "object", "properties": { "encapsulation": { "type": "string", "enum": ["None", "VXLANCrossSubnet", "VXLAN"] }, "natOutgoing": { "type": "string", "enum": ["Enabled", "Disabled"] }, "mtu": { "type": "integer", "minimum": 0, "maximum": 65535 } } } } }, "policy": { "type": "object", "properties": { "endpointToHostAction": { "type": "string", "enum": ["Accept", "Drop", "Return"] }, "reversePathCheck": { "type": "string", "enum": ["Strict", "Loose", "Disabled"] } } }, "nodeUpdateStrategy": { "type": "object", "properties": { "canaries": { "maxLength": 4, "type": ["integer", "string"] }, "canarySelector": { "type": "object", "properties": { "matchLabels": { "type": "object", "maxProperties": 32, "additionalProperties": { "type": "string", "maxLength": 63 } }, "matchExpressions": { "type": "array", "maxItems": 32, "items": { "type": "object", "required": ["key", "operator"], "properties": { "key": { "type": "string", "minLength": 1, "maxLength": 317 }, "operator": { "type": "string", "enum": ["In", "NotIn", "Exists", "DoesNotExist"] }, "values": { "type": "array", "maxItems": 64, "items": { "type": "string", "maxLength": 63 } } } } } } }, "maxUnavailable": { "maxLength": 4, "type": ["integer", "string"] }, "soak": { "type": "string", "minLength": 2, "maxLength": 32, "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$" }, "onFailure": { "type": "string", "enum": ["Pause"] }, "paused": { "type": "boolean" } } }, "agentVersion": { "type": "string", "maxLength": 64, "pattern": "^(v?[0-9]+\\.[0-9]+\\.[0-9]+([-+][0-9A-Za-z.-]+)?)?$" }, "bpf": { "type": "object", "properties": { "conntrackEntries": { "type": "integer", "minimum": 16384, "maximum": 16777216 }, "serviceEntries": { "type": "integer", "minimum": 1024, "maximum": 1048576 }, "markBit": { "type": "integer", "minimum": 0, "maximum": 31 }, "drainTimeout": { "type": "string", "minLength": 2, "maxLength": 32, "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$" }, "timeouts": { "type": "object", "properties": { "tcpSyn": { "type": "string", "minLength": 2, "maxLength": 32, "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$" }, "tcpEstablished": { "type": "string", "minLength": 2, "maxLength": 32, "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$" }, "tcpClosing": { "type": "string", "minLength": 2, "maxLength": 32, "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$" }, "tcpReset": { "type": "string", "minLength": 2, "maxLength": 32, "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$" }, "udp": { "type": "string", "minLength": 2, "maxLength": 32, "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$" }, "udpStream": { "type": "string", "minLength": 2, "maxLength": 32, "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$" }, "icmp": { "type": "string", "minLength": 2, "maxLength": 32, "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$" }, "generic": { "type": "string", "minLength": 2, "maxLength": 32, "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$" } } } } }, "images": { "type": "object", "properties": { "registry": { "type": "string", "maxLength": 255 }, "path": { "type": "string", "maxLength": 255, "pattern": "^([a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*)?$" }, "pullPolicy": { "type": "string", "enum": ["Always", "IfNotPresent", "Never"] }, "pullSecrets": { "type": "array", "maxItems": 16, "items": { "type": "object", "required": ["name"], "properties": { "name": { "type": "string", "minLength": 1, "maxLength": 253 } } } }, "digests": { "type": "object", "properties": { "agent": { "type": "string", "maxLength": 71, "pattern": "^sha256:[0-9a-f]{64}$" } } } } }, "agent": { "type": "object", "properties": { "resources": { "type": "object", "properties": { "requests": { "type": "object", "maxProperties": 16, "additionalProperties": { "maxLength": 64, "type": ["integer", "string"] } }, "limits": { "type": "object", "maxProperties": 16, "additionalProperties": { "maxLength": 64, "type": ["integer", "string"] } } } }, "tolerations": { "type": "array", "maxItems": 32, "items": { "type": "object", "properties": { "key": { "type": "string", "maxLength": 317 }, "operator": { "type": "string", "enum": ["Exists", "Equal"] }, "value": { "type": "string", "maxLength": 63 }, "effect": { "type": "string", "enum": ["NoSchedule", "PreferNoSchedule", "NoExecute"] }, "tolerationSeconds": { "type": "integer", "how long.": null } } } }, "affinity": { "type": "object" }, "logLevel": { "type": "string", "enum": ["Error", "Warn", "Info", "Debug"] }, "metricsPort": { "type": "integer", "minimum": 1024, "maximum": 65535 } } }, "onDelete": { "type": "object", "properties": { "fabric": { "type": "string", "enum": ["Keep", "Remove"] }, "timeout": { "type": "string", "minLength": 2, "maxLength": 32, "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$" } } } } }, "status": { "type": "object", "properties": { "observedGeneration": { "type": "integer" }, "conditions": { "type": "array", "maxItems": 16, "items": { "type": "object", "required": ["type", "status", "lastTransitionTime", "reason", "message"], "properties": { "type": { "type": "string", "maxLength": 64, "pattern": "^[A-Z][A-Za-z0-9]*$" }, "status": { "type": "string", "enum": ["True", "False", "Unknown"] }, "observedGeneration": { "type": "integer" }, "lastTransitionTime": { "type": "string" }, "reason": { "type": "string", "maxLength": 64, "pattern": "^[A-Z][A-Za-z0-9]*$" }, "message": { "type": "string", "maxLength": 4096 } } } }, "computed": { "type": "object", "properties": { "network": { "type": "object", "properties": { "cni": { "type": "string" } } } } }, "summary": { "type": "object", "properties": { "nodes": { "type": "string", "maxLength": 64 }, "rollout": { "type": "string", "maxLength": 128 } } }, "nodes": { "type": "object", "properties": { "total": { "type": "integer" }, "notReady": { "type": "integer" }, "changing": { "type": "integer" }, "failed": { "type": "integer" }, "unsupported": { "type": "integer" }, "excluded": { "type": "integer" }, "bpf": { "type": "integer" }, "standard": { "type": "integer" } } }, "rollout": { "type": "object", "properties": { "target": { "type": "string", "enum": ["BPF", "Standard"] }, "phase": { "type": "string", "enum": ["Idle", "Canary", "Rolling", "Soaking", "Paused", "Complete"] }, "configRef": { "type": "object", "required": ["name"], "properties": { "name": { "type": "string", "maxLength": 253 } } }, "changing": { "type": "array", "maxItems": 10, "items": { "type": "string", "maxLength": 253 } }, "waiting": { "type": "object", "properties": { "count": { "type": "integer" }, "first": { "type": "array", "maxItems": 10, "items": { "type": "string", "maxLength": 253 } } } }, "failed": { "type": "array", "maxItems": 10, "items": { "type": "string", "maxLength": 253 } } } }, "apiServer": { "type": "object", "properties": { "endpoints": { "type": "array", "maxItems": 16, "items": { "type": "string", "maxLength": 262 } }, "source": { "type": "string", "enum": ["ConfigMap", "KubeProxyConfig", "ClusterInfo", "EndpointSlice"] } } }, "kubeProxy": { "type": "object", "properties": { "state": { "type": "string", "enum": ["Running", "PartlyParked", "Parked", "Absent", "Unmanaged", "Contested", "Unknown"] }, "message": { "type": "string", "maxLength": 4096 } } } } } } };
var func2 = require_ucs2length().default;
var pattern0 = new RegExp("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "u");
var pattern1 = new RegExp("^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$", "u");
var pattern2 = new RegExp("^([0-9]{1,5}(h|m|s|ms)){1,4}$", "u");
var pattern3 = new RegExp("^(v?[0-9]+\\.[0-9]+\\.[0-9]+([-+][0-9A-Za-z.-]+)?)?$", "u");
var pattern13 = new RegExp("^([a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*)?$", "u");
var pattern14 = new RegExp("^sha256:[0-9a-f]{64}$", "u");
var pattern16 = new RegExp("^[A-Z][A-Za-z0-9]*$", "u");
function validate10(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.spec === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "spec" }, message: "must have required property 'spec'" };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (data.apiVersion !== void 0) {
      if (typeof data.apiVersion !== "string") {
        const err1 = { instancePath: instancePath + "/apiVersion", schemaPath: "#/properties/apiVersion/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.kind !== void 0) {
      if (typeof data.kind !== "string") {
        const err2 = { instancePath: instancePath + "/kind", schemaPath: "#/properties/kind/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.metadata !== void 0) {
      let data2 = data.metadata;
      if (!(data2 && typeof data2 == "object" && !Array.isArray(data2))) {
        const err3 = { instancePath: instancePath + "/metadata", schemaPath: "#/properties/metadata/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.spec !== void 0) {
      let data3 = data.spec;
      if (data3 && typeof data3 == "object" && !Array.isArray(data3)) {
        if (data3.bpfEnabled !== void 0) {
          if (typeof data3.bpfEnabled !== "boolean") {
            const err4 = { instancePath: instancePath + "/spec/bpfEnabled", schemaPath: "#/properties/spec/properties/bpfEnabled/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean" };
            if (vErrors === null) {
              vErrors = [err4];
            } else {
              vErrors.push(err4);
            }
            errors++;
          }
        }
        if (data3.bpfNodeSelector !== void 0) {
          let data5 = data3.bpfNodeSelector;
          if (data5 && typeof data5 == "object" && !Array.isArray(data5)) {
            if (data5.matchLabels !== void 0) {
              let data6 = data5.matchLabels;
              if (data6 && typeof data6 == "object" && !Array.isArray(data6)) {
                if (Object.keys(data6).length > 32) {
                  const err5 = { instancePath: instancePath + "/spec/bpfNodeSelector/matchLabels", schemaPath: "#/properties/spec/properties/bpfNodeSelector/properties/matchLabels/maxProperties", keyword: "maxProperties", params: { limit: 32 }, message: "must NOT have more than 32 properties" };
                  if (vErrors === null) {
                    vErrors = [err5];
                  } else {
                    vErrors.push(err5);
                  }
                  errors++;
                }
                for (const key0 in data6) {
                  let data7 = data6[key0];
                  if (typeof data7 === "string") {
                    if (func2(data7) > 63) {
                      const err6 = { instancePath: instancePath + "/spec/bpfNodeSelector/matchLabels/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/spec/properties/bpfNodeSelector/properties/matchLabels/additionalProperties/maxLength", keyword: "maxLength", params: { limit: 63 }, message: "must NOT have more than 63 characters" };
                      if (vErrors === null) {
                        vErrors = [err6];
                      } else {
                        vErrors.push(err6);
                      }
                      errors++;
                    }
                  } else {
                    const err7 = { instancePath: instancePath + "/spec/bpfNodeSelector/matchLabels/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/spec/properties/bpfNodeSelector/properties/matchLabels/additionalProperties/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err7];
                    } else {
                      vErrors.push(err7);
                    }
                    errors++;
                  }
                }
              } else {
                const err8 = { instancePath: instancePath + "/spec/bpfNodeSelector/matchLabels", schemaPath: "#/properties/spec/properties/bpfNodeSelector/properties/matchLabels/type", keyword: "type", params: { type: "object" }, message: "must be object" };
                if (vErrors === null) {
                  vErrors = [err8];
                } else {
                  vErrors.push(err8);
                }
                errors++;
              }
            }
            if (data5.matchExpressions !== void 0) {
              let data8 = data5.matchExpressions;
              if (Array.isArray(data8)) {
                if (data8.length > 32) {
                  const err9 = { instancePath: instancePath + "/spec/bpfNodeSelector/matchExpressions", schemaPath: "#/properties/spec/properties/bpfNodeSelector/properties/matchExpressions/maxItems", keyword: "maxItems", params: { limit: 32 }, message: "must NOT have more than 32 items" };
                  if (vErrors === null) {
                    vErrors = [err9];
                  } else {
                    vErrors.push(err9);
                  }
                  errors++;
                }
                const len0 = data8.length;
                for (let i0 = 0; i0 < len0; i0++) {
                  let data9 = data8[i0];
                  if (data9 && typeof data9 == "object" && !Array.isArray(data9)) {
                    if (data9.key === void 0) {
                      const err10 = { instancePath: instancePath + "/spec/bpfNodeSelector/matchExpressions/" + i0, schemaPath: "#/properties/spec/properties/bpfNodeSelector/properties/matchExpressions/items/required", keyword: "required", params: { missingProperty: "key" }, message: "must have required property 'key'" };
                      if (vErrors === null) {
                        vErrors = [err10];
                      } else {
                        vErrors.push(err10);
                      }
                      errors++;
                    }
                    if (data9.operator === void 0) {
                      const err11 = { instancePath: instancePath + "/spec/bpfNodeSelector/matchExpressions/" + i0, schemaPath: "#/properties/spec/properties/bpfNodeSelector/properties/matchExpressions/items/required", keyword: "required", params: { missingProperty: "operator" }, message: "must have required property 'operator'" };
                      if (vErrors === null) {
                        vErrors = [err11];
                      } else {
                        vErrors.push(err11);
                      }
                      errors++;
                    }
                    if (data9.key !== void 0) {
                      let data10 = data9.key;
                      if (typeof data10 === "string") {
                        if (func2(data10) > 317) {
                          const err12 = { instancePath: instancePath + "/spec/bpfNodeSelector/matchExpressions/" + i0 + "/key", schemaPath: "#/properties/spec/properties/bpfNodeSelector/properties/matchExpressions/items/properties/key/maxLength", keyword: "maxLength", params: { limit: 317 }, message: "must NOT have more than 317 characters" };
                          if (vErrors === null) {
                            vErrors = [err12];
                          } else {
                            vErrors.push(err12);
                          }
                          errors++;
                        }
                        if (func2(data10) < 1) {
                          const err13 = { instancePath: instancePath + "/spec/bpfNodeSelector/matchExpressions/" + i0 + "/key", schemaPath: "#/properties/spec/properties/bpfNodeSelector/properties/matchExpressions/items/properties/key/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
                          if (vErrors === null) {
                            vErrors = [err13];
                          } else {
                            vErrors.push(err13);
                          }
                          errors++;
                        }
                      } else {
                        const err14 = { instancePath: instancePath + "/spec/bpfNodeSelector/matchExpressions/" + i0 + "/key", schemaPath: "#/properties/spec/properties/bpfNodeSelector/properties/matchExpressions/items/properties/key/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                        if (vErrors === null) {
                          vErrors = [err14];
                        } else {
                          vErrors.push(err14);
                        }
                        errors++;
                      }
                    }
                    if (data9.operator !== void 0) {
                      let data11 = data9.operator;
                      if (typeof data11 !== "string") {
                        const err15 = { instancePath: instancePath + "/spec/bpfNodeSelector/matchExpressions/" + i0 + "/operator", schemaPath: "#/properties/spec/properties/bpfNodeSelector/properties/matchExpressions/items/properties/operator/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                        if (vErrors === null) {
                          vErrors = [err15];
                        } else {
                          vErrors.push(err15);
                        }
                        errors++;
                      }
                      if (!(data11 === "In" || data11 === "NotIn" || data11 === "Exists" || data11 === "DoesNotExist")) {
                        const err16 = { instancePath: instancePath + "/spec/bpfNodeSelector/matchExpressions/" + i0 + "/operator", schemaPath: "#/properties/spec/properties/bpfNodeSelector/properties/matchExpressions/items/properties/operator/enum", keyword: "enum", params: { allowedValues: schema11.properties.spec.properties.bpfNodeSelector.properties.matchExpressions.items.properties.operator.enum }, message: "must be equal to one of the allowed values" };
                        if (vErrors === null) {
                          vErrors = [err16];
                        } else {
                          vErrors.push(err16);
                        }
                        errors++;
                      }
                    }
                    if (data9.values !== void 0) {
                      let data12 = data9.values;
                      if (Array.isArray(data12)) {
                        if (data12.length > 64) {
                          const err17 = { instancePath: instancePath + "/spec/bpfNodeSelector/matchExpressions/" + i0 + "/values", schemaPath: "#/properties/spec/properties/bpfNodeSelector/properties/matchExpressions/items/properties/values/maxItems", keyword: "maxItems", params: { limit: 64 }, message: "must NOT have more than 64 items" };
                          if (vErrors === null) {
                            vErrors = [err17];
                          } else {
                            vErrors.push(err17);
                          }
                          errors++;
                        }
                        const len1 = data12.length;
                        for (let i1 = 0; i1 < len1; i1++) {
                          let data13 = data12[i1];
                          if (typeof data13 === "string") {
                            if (func2(data13) > 63) {
                              const err18 = { instancePath: instancePath + "/spec/bpfNodeSelector/matchExpressions/" + i0 + "/values/" + i1, schemaPath: "#/properties/spec/properties/bpfNodeSelector/properties/matchExpressions/items/properties/values/items/maxLength", keyword: "maxLength", params: { limit: 63 }, message: "must NOT have more than 63 characters" };
                              if (vErrors === null) {
                                vErrors = [err18];
                              } else {
                                vErrors.push(err18);
                              }
                              errors++;
                            }
                          } else {
                            const err19 = { instancePath: instancePath + "/spec/bpfNodeSelector/matchExpressions/" + i0 + "/values/" + i1, schemaPath: "#/properties/spec/properties/bpfNodeSelector/properties/matchExpressions/items/properties/values/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                            if (vErrors === null) {
                              vErrors = [err19];
                            } else {
                              vErrors.push(err19);
                            }
                            errors++;
                          }
                        }
                      } else {
                        const err20 = { instancePath: instancePath + "/spec/bpfNodeSelector/matchExpressions/" + i0 + "/values", schemaPath: "#/properties/spec/properties/bpfNodeSelector/properties/matchExpressions/items/properties/values/type", keyword: "type", params: { type: "array" }, message: "must be array" };
                        if (vErrors === null) {
                          vErrors = [err20];
                        } else {
                          vErrors.push(err20);
                        }
                        errors++;
                      }
                    }
                  } else {
                    const err21 = { instancePath: instancePath + "/spec/bpfNodeSelector/matchExpressions/" + i0, schemaPath: "#/properties/spec/properties/bpfNodeSelector/properties/matchExpressions/items/type", keyword: "type", params: { type: "object" }, message: "must be object" };
                    if (vErrors === null) {
                      vErrors = [err21];
                    } else {
                      vErrors.push(err21);
                    }
                    errors++;
                  }
                }
              } else {
                const err22 = { instancePath: instancePath + "/spec/bpfNodeSelector/matchExpressions", schemaPath: "#/properties/spec/properties/bpfNodeSelector/properties/matchExpressions/type", keyword: "type", params: { type: "array" }, message: "must be array" };
                if (vErrors === null) {
                  vErrors = [err22];
                } else {
                  vErrors.push(err22);
                }
                errors++;
              }
            }
          } else {
            const err23 = { instancePath: instancePath + "/spec/bpfNodeSelector", schemaPath: "#/properties/spec/properties/bpfNodeSelector/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err23];
            } else {
              vErrors.push(err23);
            }
            errors++;
          }
        }
        if (data3.kubeProxyManagement !== void 0) {
          let data14 = data3.kubeProxyManagement;
          if (typeof data14 !== "string") {
            const err24 = { instancePath: instancePath + "/spec/kubeProxyManagement", schemaPath: "#/properties/spec/properties/kubeProxyManagement/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err24];
            } else {
              vErrors.push(err24);
            }
            errors++;
          }
          if (!(data14 === "Enabled" || data14 === "Disabled")) {
            const err25 = { instancePath: instancePath + "/spec/kubeProxyManagement", schemaPath: "#/properties/spec/properties/kubeProxyManagement/enum", keyword: "enum", params: { allowedValues: schema11.properties.spec.properties.kubeProxyManagement.enum }, message: "must be equal to one of the allowed values" };
            if (vErrors === null) {
              vErrors = [err25];
            } else {
              vErrors.push(err25);
            }
            errors++;
          }
        }
        if (data3.kubeProxy !== void 0) {
          let data15 = data3.kubeProxy;
          if (data15 && typeof data15 == "object" && !Array.isArray(data15)) {
            if (data15.namespace !== void 0) {
              let data16 = data15.namespace;
              if (typeof data16 === "string") {
                if (func2(data16) > 63) {
                  const err26 = { instancePath: instancePath + "/spec/kubeProxy/namespace", schemaPath: "#/properties/spec/properties/kubeProxy/properties/namespace/maxLength", keyword: "maxLength", params: { limit: 63 }, message: "must NOT have more than 63 characters" };
                  if (vErrors === null) {
                    vErrors = [err26];
                  } else {
                    vErrors.push(err26);
                  }
                  errors++;
                }
                if (func2(data16) < 1) {
                  const err27 = { instancePath: instancePath + "/spec/kubeProxy/namespace", schemaPath: "#/properties/spec/properties/kubeProxy/properties/namespace/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
                  if (vErrors === null) {
                    vErrors = [err27];
                  } else {
                    vErrors.push(err27);
                  }
                  errors++;
                }
                if (!pattern0.test(data16)) {
                  const err28 = { instancePath: instancePath + "/spec/kubeProxy/namespace", schemaPath: "#/properties/spec/properties/kubeProxy/properties/namespace/pattern", keyword: "pattern", params: { pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$" }, message: 'must match pattern "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"' };
                  if (vErrors === null) {
                    vErrors = [err28];
                  } else {
                    vErrors.push(err28);
                  }
                  errors++;
                }
              } else {
                const err29 = { instancePath: instancePath + "/spec/kubeProxy/namespace", schemaPath: "#/properties/spec/properties/kubeProxy/properties/namespace/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err29];
                } else {
                  vErrors.push(err29);
                }
                errors++;
              }
            }
            if (data15.name !== void 0) {
              let data17 = data15.name;
              if (typeof data17 === "string") {
                if (func2(data17) > 253) {
                  const err30 = { instancePath: instancePath + "/spec/kubeProxy/name", schemaPath: "#/properties/spec/properties/kubeProxy/properties/name/maxLength", keyword: "maxLength", params: { limit: 253 }, message: "must NOT have more than 253 characters" };
                  if (vErrors === null) {
                    vErrors = [err30];
                  } else {
                    vErrors.push(err30);
                  }
                  errors++;
                }
                if (func2(data17) < 1) {
                  const err31 = { instancePath: instancePath + "/spec/kubeProxy/name", schemaPath: "#/properties/spec/properties/kubeProxy/properties/name/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
                  if (vErrors === null) {
                    vErrors = [err31];
                  } else {
                    vErrors.push(err31);
                  }
                  errors++;
                }
                if (!pattern1.test(data17)) {
                  const err32 = { instancePath: instancePath + "/spec/kubeProxy/name", schemaPath: "#/properties/spec/properties/kubeProxy/properties/name/pattern", keyword: "pattern", params: { pattern: "^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$" }, message: 'must match pattern "^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$"' };
                  if (vErrors === null) {
                    vErrors = [err32];
                  } else {
                    vErrors.push(err32);
                  }
                  errors++;
                }
              } else {
                const err33 = { instancePath: instancePath + "/spec/kubeProxy/name", schemaPath: "#/properties/spec/properties/kubeProxy/properties/name/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err33];
                } else {
                  vErrors.push(err33);
                }
                errors++;
              }
            }
          } else {
            const err34 = { instancePath: instancePath + "/spec/kubeProxy", schemaPath: "#/properties/spec/properties/kubeProxy/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err34];
            } else {
              vErrors.push(err34);
            }
            errors++;
          }
        }
        if (data3.bpfExternalServiceMode !== void 0) {
          let data18 = data3.bpfExternalServiceMode;
          if (typeof data18 !== "string") {
            const err35 = { instancePath: instancePath + "/spec/bpfExternalServiceMode", schemaPath: "#/properties/spec/properties/bpfExternalServiceMode/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err35];
            } else {
              vErrors.push(err35);
            }
            errors++;
          }
          if (!(data18 === "Tunnel" || data18 === "DSR")) {
            const err36 = { instancePath: instancePath + "/spec/bpfExternalServiceMode", schemaPath: "#/properties/spec/properties/bpfExternalServiceMode/enum", keyword: "enum", params: { allowedValues: schema11.properties.spec.properties.bpfExternalServiceMode.enum }, message: "must be equal to one of the allowed values" };
            if (vErrors === null) {
              vErrors = [err36];
            } else {
              vErrors.push(err36);
            }
            errors++;
          }
        }
        if (data3.bpfDSROptoutCIDRs !== void 0) {
          let data19 = data3.bpfDSROptoutCIDRs;
          if (Array.isArray(data19)) {
            if (data19.length > 64) {
              const err37 = { instancePath: instancePath + "/spec/bpfDSROptoutCIDRs", schemaPath: "#/properties/spec/properties/bpfDSROptoutCIDRs/maxItems", keyword: "maxItems", params: { limit: 64 }, message: "must NOT have more than 64 items" };
              if (vErrors === null) {
                vErrors = [err37];
              } else {
                vErrors.push(err37);
              }
              errors++;
            }
            const len2 = data19.length;
            for (let i2 = 0; i2 < len2; i2++) {
              let data20 = data19[i2];
              if (typeof data20 === "string") {
                if (func2(data20) > 49) {
                  const err38 = { instancePath: instancePath + "/spec/bpfDSROptoutCIDRs/" + i2, schemaPath: "#/properties/spec/properties/bpfDSROptoutCIDRs/items/maxLength", keyword: "maxLength", params: { limit: 49 }, message: "must NOT have more than 49 characters" };
                  if (vErrors === null) {
                    vErrors = [err38];
                  } else {
                    vErrors.push(err38);
                  }
                  errors++;
                }
                if (func2(data20) < 4) {
                  const err39 = { instancePath: instancePath + "/spec/bpfDSROptoutCIDRs/" + i2, schemaPath: "#/properties/spec/properties/bpfDSROptoutCIDRs/items/minLength", keyword: "minLength", params: { limit: 4 }, message: "must NOT have fewer than 4 characters" };
                  if (vErrors === null) {
                    vErrors = [err39];
                  } else {
                    vErrors.push(err39);
                  }
                  errors++;
                }
              } else {
                const err40 = { instancePath: instancePath + "/spec/bpfDSROptoutCIDRs/" + i2, schemaPath: "#/properties/spec/properties/bpfDSROptoutCIDRs/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err40];
                } else {
                  vErrors.push(err40);
                }
                errors++;
              }
            }
          } else {
            const err41 = { instancePath: instancePath + "/spec/bpfDSROptoutCIDRs", schemaPath: "#/properties/spec/properties/bpfDSROptoutCIDRs/type", keyword: "type", params: { type: "array" }, message: "must be array" };
            if (vErrors === null) {
              vErrors = [err41];
            } else {
              vErrors.push(err41);
            }
            errors++;
          }
        }
        if (data3.bpfConnectTimeLoadBalancing !== void 0) {
          let data21 = data3.bpfConnectTimeLoadBalancing;
          if (typeof data21 !== "string") {
            const err42 = { instancePath: instancePath + "/spec/bpfConnectTimeLoadBalancing", schemaPath: "#/properties/spec/properties/bpfConnectTimeLoadBalancing/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err42];
            } else {
              vErrors.push(err42);
            }
            errors++;
          }
          if (!(data21 === "TCP" || data21 === "Disabled")) {
            const err43 = { instancePath: instancePath + "/spec/bpfConnectTimeLoadBalancing", schemaPath: "#/properties/spec/properties/bpfConnectTimeLoadBalancing/enum", keyword: "enum", params: { allowedValues: schema11.properties.spec.properties.bpfConnectTimeLoadBalancing.enum }, message: "must be equal to one of the allowed values" };
            if (vErrors === null) {
              vErrors = [err43];
            } else {
              vErrors.push(err43);
            }
            errors++;
          }
        }
        if (data3.bpfExcludeCIDRsFromNAT !== void 0) {
          let data22 = data3.bpfExcludeCIDRsFromNAT;
          if (Array.isArray(data22)) {
            if (data22.length > 64) {
              const err44 = { instancePath: instancePath + "/spec/bpfExcludeCIDRsFromNAT", schemaPath: "#/properties/spec/properties/bpfExcludeCIDRsFromNAT/maxItems", keyword: "maxItems", params: { limit: 64 }, message: "must NOT have more than 64 items" };
              if (vErrors === null) {
                vErrors = [err44];
              } else {
                vErrors.push(err44);
              }
              errors++;
            }
            const len3 = data22.length;
            for (let i3 = 0; i3 < len3; i3++) {
              let data23 = data22[i3];
              if (typeof data23 === "string") {
                if (func2(data23) > 49) {
                  const err45 = { instancePath: instancePath + "/spec/bpfExcludeCIDRsFromNAT/" + i3, schemaPath: "#/properties/spec/properties/bpfExcludeCIDRsFromNAT/items/maxLength", keyword: "maxLength", params: { limit: 49 }, message: "must NOT have more than 49 characters" };
                  if (vErrors === null) {
                    vErrors = [err45];
                  } else {
                    vErrors.push(err45);
                  }
                  errors++;
                }
                if (func2(data23) < 4) {
                  const err46 = { instancePath: instancePath + "/spec/bpfExcludeCIDRsFromNAT/" + i3, schemaPath: "#/properties/spec/properties/bpfExcludeCIDRsFromNAT/items/minLength", keyword: "minLength", params: { limit: 4 }, message: "must NOT have fewer than 4 characters" };
                  if (vErrors === null) {
                    vErrors = [err46];
                  } else {
                    vErrors.push(err46);
                  }
                  errors++;
                }
              } else {
                const err47 = { instancePath: instancePath + "/spec/bpfExcludeCIDRsFromNAT/" + i3, schemaPath: "#/properties/spec/properties/bpfExcludeCIDRsFromNAT/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err47];
                } else {
                  vErrors.push(err47);
                }
                errors++;
              }
            }
          } else {
            const err48 = { instancePath: instancePath + "/spec/bpfExcludeCIDRsFromNAT", schemaPath: "#/properties/spec/properties/bpfExcludeCIDRsFromNAT/type", keyword: "type", params: { type: "array" }, message: "must be array" };
            if (vErrors === null) {
              vErrors = [err48];
            } else {
              vErrors.push(err48);
            }
            errors++;
          }
        }
        if (data3.bpfKubeProxyIptablesCleanupEnabled !== void 0) {
          if (typeof data3.bpfKubeProxyIptablesCleanupEnabled !== "boolean") {
            const err49 = { instancePath: instancePath + "/spec/bpfKubeProxyIptablesCleanupEnabled", schemaPath: "#/properties/spec/properties/bpfKubeProxyIptablesCleanupEnabled/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean" };
            if (vErrors === null) {
              vErrors = [err49];
            } else {
              vErrors.push(err49);
            }
            errors++;
          }
        }
        if (data3.bpfLogLevel !== void 0) {
          let data25 = data3.bpfLogLevel;
          if (typeof data25 !== "string") {
            const err50 = { instancePath: instancePath + "/spec/bpfLogLevel", schemaPath: "#/properties/spec/properties/bpfLogLevel/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err50];
            } else {
              vErrors.push(err50);
            }
            errors++;
          }
          if (!(data25 === "Disabled" || data25 === "Info" || data25 === "Debug")) {
            const err51 = { instancePath: instancePath + "/spec/bpfLogLevel", schemaPath: "#/properties/spec/properties/bpfLogLevel/enum", keyword: "enum", params: { allowedValues: schema11.properties.spec.properties.bpfLogLevel.enum }, message: "must be equal to one of the allowed values" };
            if (vErrors === null) {
              vErrors = [err51];
            } else {
              vErrors.push(err51);
            }
            errors++;
          }
        }
        if (data3.nodePortAddresses !== void 0) {
          let data26 = data3.nodePortAddresses;
          if (Array.isArray(data26)) {
            if (data26.length > 32) {
              const err52 = { instancePath: instancePath + "/spec/nodePortAddresses", schemaPath: "#/properties/spec/properties/nodePortAddresses/maxItems", keyword: "maxItems", params: { limit: 32 }, message: "must NOT have more than 32 items" };
              if (vErrors === null) {
                vErrors = [err52];
              } else {
                vErrors.push(err52);
              }
              errors++;
            }
            const len4 = data26.length;
            for (let i4 = 0; i4 < len4; i4++) {
              let data27 = data26[i4];
              if (typeof data27 === "string") {
                if (func2(data27) > 49) {
                  const err53 = { instancePath: instancePath + "/spec/nodePortAddresses/" + i4, schemaPath: "#/properties/spec/properties/nodePortAddresses/items/maxLength", keyword: "maxLength", params: { limit: 49 }, message: "must NOT have more than 49 characters" };
                  if (vErrors === null) {
                    vErrors = [err53];
                  } else {
                    vErrors.push(err53);
                  }
                  errors++;
                }
                if (func2(data27) < 4) {
                  const err54 = { instancePath: instancePath + "/spec/nodePortAddresses/" + i4, schemaPath: "#/properties/spec/properties/nodePortAddresses/items/minLength", keyword: "minLength", params: { limit: 4 }, message: "must NOT have fewer than 4 characters" };
                  if (vErrors === null) {
                    vErrors = [err54];
                  } else {
                    vErrors.push(err54);
                  }
                  errors++;
                }
              } else {
                const err55 = { instancePath: instancePath + "/spec/nodePortAddresses/" + i4, schemaPath: "#/properties/spec/properties/nodePortAddresses/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err55];
                } else {
                  vErrors.push(err55);
                }
                errors++;
              }
            }
          } else {
            const err56 = { instancePath: instancePath + "/spec/nodePortAddresses", schemaPath: "#/properties/spec/properties/nodePortAddresses/type", keyword: "type", params: { type: "array" }, message: "must be array" };
            if (vErrors === null) {
              vErrors = [err56];
            } else {
              vErrors.push(err56);
            }
            errors++;
          }
        }
        if (data3.network !== void 0) {
          let data28 = data3.network;
          if (data28 && typeof data28 == "object" && !Array.isArray(data28)) {
            if (data28.cni !== void 0) {
              let data29 = data28.cni;
              if (typeof data29 !== "string") {
                const err57 = { instancePath: instancePath + "/spec/network/cni", schemaPath: "#/properties/spec/properties/network/properties/cni/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err57];
                } else {
                  vErrors.push(err57);
                }
                errors++;
              }
              if (!(data29 === "Auto" || data29 === "Margay" || data29 === "Chained" || data29 === "None")) {
                const err58 = { instancePath: instancePath + "/spec/network/cni", schemaPath: "#/properties/spec/properties/network/properties/cni/enum", keyword: "enum", params: { allowedValues: schema11.properties.spec.properties.network.properties.cni.enum }, message: "must be equal to one of the allowed values" };
                if (vErrors === null) {
                  vErrors = [err58];
                } else {
                  vErrors.push(err58);
                }
                errors++;
              }
            }
            if (data28.margay !== void 0) {
              let data30 = data28.margay;
              if (data30 && typeof data30 == "object" && !Array.isArray(data30)) {
                if (data30.encapsulation !== void 0) {
                  let data31 = data30.encapsulation;
                  if (typeof data31 !== "string") {
                    const err59 = { instancePath: instancePath + "/spec/network/margay/encapsulation", schemaPath: "#/properties/spec/properties/network/properties/margay/properties/encapsulation/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err59];
                    } else {
                      vErrors.push(err59);
                    }
                    errors++;
                  }
                  if (!(data31 === "None" || data31 === "VXLANCrossSubnet" || data31 === "VXLAN")) {
                    const err60 = { instancePath: instancePath + "/spec/network/margay/encapsulation", schemaPath: "#/properties/spec/properties/network/properties/margay/properties/encapsulation/enum", keyword: "enum", params: { allowedValues: schema11.properties.spec.properties.network.properties.margay.properties.encapsulation.enum }, message: "must be equal to one of the allowed values" };
                    if (vErrors === null) {
                      vErrors = [err60];
                    } else {
                      vErrors.push(err60);
                    }
                    errors++;
                  }
                }
                if (data30.natOutgoing !== void 0) {
                  let data32 = data30.natOutgoing;
                  if (typeof data32 !== "string") {
                    const err61 = { instancePath: instancePath + "/spec/network/margay/natOutgoing", schemaPath: "#/properties/spec/properties/network/properties/margay/properties/natOutgoing/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err61];
                    } else {
                      vErrors.push(err61);
                    }
                    errors++;
                  }
                  if (!(data32 === "Enabled" || data32 === "Disabled")) {
                    const err62 = { instancePath: instancePath + "/spec/network/margay/natOutgoing", schemaPath: "#/properties/spec/properties/network/properties/margay/properties/natOutgoing/enum", keyword: "enum", params: { allowedValues: schema11.properties.spec.properties.network.properties.margay.properties.natOutgoing.enum }, message: "must be equal to one of the allowed values" };
                    if (vErrors === null) {
                      vErrors = [err62];
                    } else {
                      vErrors.push(err62);
                    }
                    errors++;
                  }
                }
                if (data30.mtu !== void 0) {
                  let data33 = data30.mtu;
                  if (!(typeof data33 == "number" && (!(data33 % 1) && !isNaN(data33)))) {
                    const err63 = { instancePath: instancePath + "/spec/network/margay/mtu", schemaPath: "#/properties/spec/properties/network/properties/margay/properties/mtu/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                    if (vErrors === null) {
                      vErrors = [err63];
                    } else {
                      vErrors.push(err63);
                    }
                    errors++;
                  }
                  if (typeof data33 == "number") {
                    if (data33 > 65535 || isNaN(data33)) {
                      const err64 = { instancePath: instancePath + "/spec/network/margay/mtu", schemaPath: "#/properties/spec/properties/network/properties/margay/properties/mtu/maximum", keyword: "maximum", params: { comparison: "<=", limit: 65535 }, message: "must be <= 65535" };
                      if (vErrors === null) {
                        vErrors = [err64];
                      } else {
                        vErrors.push(err64);
                      }
                      errors++;
                    }
                    if (data33 < 0 || isNaN(data33)) {
                      const err65 = { instancePath: instancePath + "/spec/network/margay/mtu", schemaPath: "#/properties/spec/properties/network/properties/margay/properties/mtu/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
                      if (vErrors === null) {
                        vErrors = [err65];
                      } else {
                        vErrors.push(err65);
                      }
                      errors++;
                    }
                  }
                }
              } else {
                const err66 = { instancePath: instancePath + "/spec/network/margay", schemaPath: "#/properties/spec/properties/network/properties/margay/type", keyword: "type", params: { type: "object" }, message: "must be object" };
                if (vErrors === null) {
                  vErrors = [err66];
                } else {
                  vErrors.push(err66);
                }
                errors++;
              }
            }
          } else {
            const err67 = { instancePath: instancePath + "/spec/network", schemaPath: "#/properties/spec/properties/network/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err67];
            } else {
              vErrors.push(err67);
            }
            errors++;
          }
        }
        if (data3.policy !== void 0) {
          let data34 = data3.policy;
          if (data34 && typeof data34 == "object" && !Array.isArray(data34)) {
            if (data34.endpointToHostAction !== void 0) {
              let data35 = data34.endpointToHostAction;
              if (typeof data35 !== "string") {
                const err68 = { instancePath: instancePath + "/spec/policy/endpointToHostAction", schemaPath: "#/properties/spec/properties/policy/properties/endpointToHostAction/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err68];
                } else {
                  vErrors.push(err68);
                }
                errors++;
              }
              if (!(data35 === "Accept" || data35 === "Drop" || data35 === "Return")) {
                const err69 = { instancePath: instancePath + "/spec/policy/endpointToHostAction", schemaPath: "#/properties/spec/properties/policy/properties/endpointToHostAction/enum", keyword: "enum", params: { allowedValues: schema11.properties.spec.properties.policy.properties.endpointToHostAction.enum }, message: "must be equal to one of the allowed values" };
                if (vErrors === null) {
                  vErrors = [err69];
                } else {
                  vErrors.push(err69);
                }
                errors++;
              }
            }
            if (data34.reversePathCheck !== void 0) {
              let data36 = data34.reversePathCheck;
              if (typeof data36 !== "string") {
                const err70 = { instancePath: instancePath + "/spec/policy/reversePathCheck", schemaPath: "#/properties/spec/properties/policy/properties/reversePathCheck/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err70];
                } else {
                  vErrors.push(err70);
                }
                errors++;
              }
              if (!(data36 === "Strict" || data36 === "Loose" || data36 === "Disabled")) {
                const err71 = { instancePath: instancePath + "/spec/policy/reversePathCheck", schemaPath: "#/properties/spec/properties/policy/properties/reversePathCheck/enum", keyword: "enum", params: { allowedValues: schema11.properties.spec.properties.policy.properties.reversePathCheck.enum }, message: "must be equal to one of the allowed values" };
                if (vErrors === null) {
                  vErrors = [err71];
                } else {
                  vErrors.push(err71);
                }
                errors++;
              }
            }
          } else {
            const err72 = { instancePath: instancePath + "/spec/policy", schemaPath: "#/properties/spec/properties/policy/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err72];
            } else {
              vErrors.push(err72);
            }
            errors++;
          }
        }
        if (data3.nodeUpdateStrategy !== void 0) {
          let data37 = data3.nodeUpdateStrategy;
          if (data37 && typeof data37 == "object" && !Array.isArray(data37)) {
            if (data37.canaries !== void 0) {
              let data38 = data37.canaries;
              if (!(typeof data38 == "number" && (!(data38 % 1) && !isNaN(data38))) && typeof data38 !== "string") {
                const err73 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/canaries", schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/canaries/type", keyword: "type", params: { type: schema11.properties.spec.properties.nodeUpdateStrategy.properties.canaries.type }, message: "must be integer,string" };
                if (vErrors === null) {
                  vErrors = [err73];
                } else {
                  vErrors.push(err73);
                }
                errors++;
              }
              if (typeof data38 === "string") {
                if (func2(data38) > 4) {
                  const err74 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/canaries", schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/canaries/maxLength", keyword: "maxLength", params: { limit: 4 }, message: "must NOT have more than 4 characters" };
                  if (vErrors === null) {
                    vErrors = [err74];
                  } else {
                    vErrors.push(err74);
                  }
                  errors++;
                }
              }
            }
            if (data37.canarySelector !== void 0) {
              let data39 = data37.canarySelector;
              if (data39 && typeof data39 == "object" && !Array.isArray(data39)) {
                if (data39.matchLabels !== void 0) {
                  let data40 = data39.matchLabels;
                  if (data40 && typeof data40 == "object" && !Array.isArray(data40)) {
                    if (Object.keys(data40).length > 32) {
                      const err75 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/canarySelector/matchLabels", schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/canarySelector/properties/matchLabels/maxProperties", keyword: "maxProperties", params: { limit: 32 }, message: "must NOT have more than 32 properties" };
                      if (vErrors === null) {
                        vErrors = [err75];
                      } else {
                        vErrors.push(err75);
                      }
                      errors++;
                    }
                    for (const key1 in data40) {
                      let data41 = data40[key1];
                      if (typeof data41 === "string") {
                        if (func2(data41) > 63) {
                          const err76 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/canarySelector/matchLabels/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/canarySelector/properties/matchLabels/additionalProperties/maxLength", keyword: "maxLength", params: { limit: 63 }, message: "must NOT have more than 63 characters" };
                          if (vErrors === null) {
                            vErrors = [err76];
                          } else {
                            vErrors.push(err76);
                          }
                          errors++;
                        }
                      } else {
                        const err77 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/canarySelector/matchLabels/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/canarySelector/properties/matchLabels/additionalProperties/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                        if (vErrors === null) {
                          vErrors = [err77];
                        } else {
                          vErrors.push(err77);
                        }
                        errors++;
                      }
                    }
                  } else {
                    const err78 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/canarySelector/matchLabels", schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/canarySelector/properties/matchLabels/type", keyword: "type", params: { type: "object" }, message: "must be object" };
                    if (vErrors === null) {
                      vErrors = [err78];
                    } else {
                      vErrors.push(err78);
                    }
                    errors++;
                  }
                }
                if (data39.matchExpressions !== void 0) {
                  let data42 = data39.matchExpressions;
                  if (Array.isArray(data42)) {
                    if (data42.length > 32) {
                      const err79 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/canarySelector/matchExpressions", schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/canarySelector/properties/matchExpressions/maxItems", keyword: "maxItems", params: { limit: 32 }, message: "must NOT have more than 32 items" };
                      if (vErrors === null) {
                        vErrors = [err79];
                      } else {
                        vErrors.push(err79);
                      }
                      errors++;
                    }
                    const len5 = data42.length;
                    for (let i5 = 0; i5 < len5; i5++) {
                      let data43 = data42[i5];
                      if (data43 && typeof data43 == "object" && !Array.isArray(data43)) {
                        if (data43.key === void 0) {
                          const err80 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/canarySelector/matchExpressions/" + i5, schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/canarySelector/properties/matchExpressions/items/required", keyword: "required", params: { missingProperty: "key" }, message: "must have required property 'key'" };
                          if (vErrors === null) {
                            vErrors = [err80];
                          } else {
                            vErrors.push(err80);
                          }
                          errors++;
                        }
                        if (data43.operator === void 0) {
                          const err81 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/canarySelector/matchExpressions/" + i5, schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/canarySelector/properties/matchExpressions/items/required", keyword: "required", params: { missingProperty: "operator" }, message: "must have required property 'operator'" };
                          if (vErrors === null) {
                            vErrors = [err81];
                          } else {
                            vErrors.push(err81);
                          }
                          errors++;
                        }
                        if (data43.key !== void 0) {
                          let data44 = data43.key;
                          if (typeof data44 === "string") {
                            if (func2(data44) > 317) {
                              const err82 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/canarySelector/matchExpressions/" + i5 + "/key", schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/canarySelector/properties/matchExpressions/items/properties/key/maxLength", keyword: "maxLength", params: { limit: 317 }, message: "must NOT have more than 317 characters" };
                              if (vErrors === null) {
                                vErrors = [err82];
                              } else {
                                vErrors.push(err82);
                              }
                              errors++;
                            }
                            if (func2(data44) < 1) {
                              const err83 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/canarySelector/matchExpressions/" + i5 + "/key", schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/canarySelector/properties/matchExpressions/items/properties/key/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
                              if (vErrors === null) {
                                vErrors = [err83];
                              } else {
                                vErrors.push(err83);
                              }
                              errors++;
                            }
                          } else {
                            const err84 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/canarySelector/matchExpressions/" + i5 + "/key", schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/canarySelector/properties/matchExpressions/items/properties/key/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                            if (vErrors === null) {
                              vErrors = [err84];
                            } else {
                              vErrors.push(err84);
                            }
                            errors++;
                          }
                        }
                        if (data43.operator !== void 0) {
                          let data45 = data43.operator;
                          if (typeof data45 !== "string") {
                            const err85 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/canarySelector/matchExpressions/" + i5 + "/operator", schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/canarySelector/properties/matchExpressions/items/properties/operator/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                            if (vErrors === null) {
                              vErrors = [err85];
                            } else {
                              vErrors.push(err85);
                            }
                            errors++;
                          }
                          if (!(data45 === "In" || data45 === "NotIn" || data45 === "Exists" || data45 === "DoesNotExist")) {
                            const err86 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/canarySelector/matchExpressions/" + i5 + "/operator", schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/canarySelector/properties/matchExpressions/items/properties/operator/enum", keyword: "enum", params: { allowedValues: schema11.properties.spec.properties.nodeUpdateStrategy.properties.canarySelector.properties.matchExpressions.items.properties.operator.enum }, message: "must be equal to one of the allowed values" };
                            if (vErrors === null) {
                              vErrors = [err86];
                            } else {
                              vErrors.push(err86);
                            }
                            errors++;
                          }
                        }
                        if (data43.values !== void 0) {
                          let data46 = data43.values;
                          if (Array.isArray(data46)) {
                            if (data46.length > 64) {
                              const err87 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/canarySelector/matchExpressions/" + i5 + "/values", schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/canarySelector/properties/matchExpressions/items/properties/values/maxItems", keyword: "maxItems", params: { limit: 64 }, message: "must NOT have more than 64 items" };
                              if (vErrors === null) {
                                vErrors = [err87];
                              } else {
                                vErrors.push(err87);
                              }
                              errors++;
                            }
                            const len6 = data46.length;
                            for (let i6 = 0; i6 < len6; i6++) {
                              let data47 = data46[i6];
                              if (typeof data47 === "string") {
                                if (func2(data47) > 63) {
                                  const err88 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/canarySelector/matchExpressions/" + i5 + "/values/" + i6, schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/canarySelector/properties/matchExpressions/items/properties/values/items/maxLength", keyword: "maxLength", params: { limit: 63 }, message: "must NOT have more than 63 characters" };
                                  if (vErrors === null) {
                                    vErrors = [err88];
                                  } else {
                                    vErrors.push(err88);
                                  }
                                  errors++;
                                }
                              } else {
                                const err89 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/canarySelector/matchExpressions/" + i5 + "/values/" + i6, schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/canarySelector/properties/matchExpressions/items/properties/values/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                                if (vErrors === null) {
                                  vErrors = [err89];
                                } else {
                                  vErrors.push(err89);
                                }
                                errors++;
                              }
                            }
                          } else {
                            const err90 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/canarySelector/matchExpressions/" + i5 + "/values", schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/canarySelector/properties/matchExpressions/items/properties/values/type", keyword: "type", params: { type: "array" }, message: "must be array" };
                            if (vErrors === null) {
                              vErrors = [err90];
                            } else {
                              vErrors.push(err90);
                            }
                            errors++;
                          }
                        }
                      } else {
                        const err91 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/canarySelector/matchExpressions/" + i5, schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/canarySelector/properties/matchExpressions/items/type", keyword: "type", params: { type: "object" }, message: "must be object" };
                        if (vErrors === null) {
                          vErrors = [err91];
                        } else {
                          vErrors.push(err91);
                        }
                        errors++;
                      }
                    }
                  } else {
                    const err92 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/canarySelector/matchExpressions", schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/canarySelector/properties/matchExpressions/type", keyword: "type", params: { type: "array" }, message: "must be array" };
                    if (vErrors === null) {
                      vErrors = [err92];
                    } else {
                      vErrors.push(err92);
                    }
                    errors++;
                  }
                }
              } else {
                const err93 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/canarySelector", schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/canarySelector/type", keyword: "type", params: { type: "object" }, message: "must be object" };
                if (vErrors === null) {
                  vErrors = [err93];
                } else {
                  vErrors.push(err93);
                }
                errors++;
              }
            }
            if (data37.maxUnavailable !== void 0) {
              let data48 = data37.maxUnavailable;
              if (!(typeof data48 == "number" && (!(data48 % 1) && !isNaN(data48))) && typeof data48 !== "string") {
                const err94 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/maxUnavailable", schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/maxUnavailable/type", keyword: "type", params: { type: schema11.properties.spec.properties.nodeUpdateStrategy.properties.maxUnavailable.type }, message: "must be integer,string" };
                if (vErrors === null) {
                  vErrors = [err94];
                } else {
                  vErrors.push(err94);
                }
                errors++;
              }
              if (typeof data48 === "string") {
                if (func2(data48) > 4) {
                  const err95 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/maxUnavailable", schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/maxUnavailable/maxLength", keyword: "maxLength", params: { limit: 4 }, message: "must NOT have more than 4 characters" };
                  if (vErrors === null) {
                    vErrors = [err95];
                  } else {
                    vErrors.push(err95);
                  }
                  errors++;
                }
              }
            }
            if (data37.soak !== void 0) {
              let data49 = data37.soak;
              if (typeof data49 === "string") {
                if (func2(data49) > 32) {
                  const err96 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/soak", schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/soak/maxLength", keyword: "maxLength", params: { limit: 32 }, message: "must NOT have more than 32 characters" };
                  if (vErrors === null) {
                    vErrors = [err96];
                  } else {
                    vErrors.push(err96);
                  }
                  errors++;
                }
                if (func2(data49) < 2) {
                  const err97 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/soak", schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/soak/minLength", keyword: "minLength", params: { limit: 2 }, message: "must NOT have fewer than 2 characters" };
                  if (vErrors === null) {
                    vErrors = [err97];
                  } else {
                    vErrors.push(err97);
                  }
                  errors++;
                }
                if (!pattern2.test(data49)) {
                  const err98 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/soak", schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/soak/pattern", keyword: "pattern", params: { pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$" }, message: 'must match pattern "^([0-9]{1,5}(h|m|s|ms)){1,4}$"' };
                  if (vErrors === null) {
                    vErrors = [err98];
                  } else {
                    vErrors.push(err98);
                  }
                  errors++;
                }
              } else {
                const err99 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/soak", schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/soak/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err99];
                } else {
                  vErrors.push(err99);
                }
                errors++;
              }
            }
            if (data37.onFailure !== void 0) {
              let data50 = data37.onFailure;
              if (typeof data50 !== "string") {
                const err100 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/onFailure", schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/onFailure/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err100];
                } else {
                  vErrors.push(err100);
                }
                errors++;
              }
              if (!(data50 === "Pause")) {
                const err101 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/onFailure", schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/onFailure/enum", keyword: "enum", params: { allowedValues: schema11.properties.spec.properties.nodeUpdateStrategy.properties.onFailure.enum }, message: "must be equal to one of the allowed values" };
                if (vErrors === null) {
                  vErrors = [err101];
                } else {
                  vErrors.push(err101);
                }
                errors++;
              }
            }
            if (data37.paused !== void 0) {
              if (typeof data37.paused !== "boolean") {
                const err102 = { instancePath: instancePath + "/spec/nodeUpdateStrategy/paused", schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/properties/paused/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean" };
                if (vErrors === null) {
                  vErrors = [err102];
                } else {
                  vErrors.push(err102);
                }
                errors++;
              }
            }
          } else {
            const err103 = { instancePath: instancePath + "/spec/nodeUpdateStrategy", schemaPath: "#/properties/spec/properties/nodeUpdateStrategy/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err103];
            } else {
              vErrors.push(err103);
            }
            errors++;
          }
        }
        if (data3.agentVersion !== void 0) {
          let data52 = data3.agentVersion;
          if (typeof data52 === "string") {
            if (func2(data52) > 64) {
              const err104 = { instancePath: instancePath + "/spec/agentVersion", schemaPath: "#/properties/spec/properties/agentVersion/maxLength", keyword: "maxLength", params: { limit: 64 }, message: "must NOT have more than 64 characters" };
              if (vErrors === null) {
                vErrors = [err104];
              } else {
                vErrors.push(err104);
              }
              errors++;
            }
            if (!pattern3.test(data52)) {
              const err105 = { instancePath: instancePath + "/spec/agentVersion", schemaPath: "#/properties/spec/properties/agentVersion/pattern", keyword: "pattern", params: { pattern: "^(v?[0-9]+\\.[0-9]+\\.[0-9]+([-+][0-9A-Za-z.-]+)?)?$" }, message: 'must match pattern "^(v?[0-9]+\\.[0-9]+\\.[0-9]+([-+][0-9A-Za-z.-]+)?)?$"' };
              if (vErrors === null) {
                vErrors = [err105];
              } else {
                vErrors.push(err105);
              }
              errors++;
            }
          } else {
            const err106 = { instancePath: instancePath + "/spec/agentVersion", schemaPath: "#/properties/spec/properties/agentVersion/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err106];
            } else {
              vErrors.push(err106);
            }
            errors++;
          }
        }
        if (data3.bpf !== void 0) {
          let data53 = data3.bpf;
          if (data53 && typeof data53 == "object" && !Array.isArray(data53)) {
            if (data53.conntrackEntries !== void 0) {
              let data54 = data53.conntrackEntries;
              if (!(typeof data54 == "number" && (!(data54 % 1) && !isNaN(data54)))) {
                const err107 = { instancePath: instancePath + "/spec/bpf/conntrackEntries", schemaPath: "#/properties/spec/properties/bpf/properties/conntrackEntries/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                if (vErrors === null) {
                  vErrors = [err107];
                } else {
                  vErrors.push(err107);
                }
                errors++;
              }
              if (typeof data54 == "number") {
                if (data54 > 16777216 || isNaN(data54)) {
                  const err108 = { instancePath: instancePath + "/spec/bpf/conntrackEntries", schemaPath: "#/properties/spec/properties/bpf/properties/conntrackEntries/maximum", keyword: "maximum", params: { comparison: "<=", limit: 16777216 }, message: "must be <= 16777216" };
                  if (vErrors === null) {
                    vErrors = [err108];
                  } else {
                    vErrors.push(err108);
                  }
                  errors++;
                }
                if (data54 < 16384 || isNaN(data54)) {
                  const err109 = { instancePath: instancePath + "/spec/bpf/conntrackEntries", schemaPath: "#/properties/spec/properties/bpf/properties/conntrackEntries/minimum", keyword: "minimum", params: { comparison: ">=", limit: 16384 }, message: "must be >= 16384" };
                  if (vErrors === null) {
                    vErrors = [err109];
                  } else {
                    vErrors.push(err109);
                  }
                  errors++;
                }
              }
            }
            if (data53.serviceEntries !== void 0) {
              let data55 = data53.serviceEntries;
              if (!(typeof data55 == "number" && (!(data55 % 1) && !isNaN(data55)))) {
                const err110 = { instancePath: instancePath + "/spec/bpf/serviceEntries", schemaPath: "#/properties/spec/properties/bpf/properties/serviceEntries/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                if (vErrors === null) {
                  vErrors = [err110];
                } else {
                  vErrors.push(err110);
                }
                errors++;
              }
              if (typeof data55 == "number") {
                if (data55 > 1048576 || isNaN(data55)) {
                  const err111 = { instancePath: instancePath + "/spec/bpf/serviceEntries", schemaPath: "#/properties/spec/properties/bpf/properties/serviceEntries/maximum", keyword: "maximum", params: { comparison: "<=", limit: 1048576 }, message: "must be <= 1048576" };
                  if (vErrors === null) {
                    vErrors = [err111];
                  } else {
                    vErrors.push(err111);
                  }
                  errors++;
                }
                if (data55 < 1024 || isNaN(data55)) {
                  const err112 = { instancePath: instancePath + "/spec/bpf/serviceEntries", schemaPath: "#/properties/spec/properties/bpf/properties/serviceEntries/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1024 }, message: "must be >= 1024" };
                  if (vErrors === null) {
                    vErrors = [err112];
                  } else {
                    vErrors.push(err112);
                  }
                  errors++;
                }
              }
            }
            if (data53.markBit !== void 0) {
              let data56 = data53.markBit;
              if (!(typeof data56 == "number" && (!(data56 % 1) && !isNaN(data56)))) {
                const err113 = { instancePath: instancePath + "/spec/bpf/markBit", schemaPath: "#/properties/spec/properties/bpf/properties/markBit/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                if (vErrors === null) {
                  vErrors = [err113];
                } else {
                  vErrors.push(err113);
                }
                errors++;
              }
              if (typeof data56 == "number") {
                if (data56 > 31 || isNaN(data56)) {
                  const err114 = { instancePath: instancePath + "/spec/bpf/markBit", schemaPath: "#/properties/spec/properties/bpf/properties/markBit/maximum", keyword: "maximum", params: { comparison: "<=", limit: 31 }, message: "must be <= 31" };
                  if (vErrors === null) {
                    vErrors = [err114];
                  } else {
                    vErrors.push(err114);
                  }
                  errors++;
                }
                if (data56 < 0 || isNaN(data56)) {
                  const err115 = { instancePath: instancePath + "/spec/bpf/markBit", schemaPath: "#/properties/spec/properties/bpf/properties/markBit/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
                  if (vErrors === null) {
                    vErrors = [err115];
                  } else {
                    vErrors.push(err115);
                  }
                  errors++;
                }
              }
            }
            if (data53.drainTimeout !== void 0) {
              let data57 = data53.drainTimeout;
              if (typeof data57 === "string") {
                if (func2(data57) > 32) {
                  const err116 = { instancePath: instancePath + "/spec/bpf/drainTimeout", schemaPath: "#/properties/spec/properties/bpf/properties/drainTimeout/maxLength", keyword: "maxLength", params: { limit: 32 }, message: "must NOT have more than 32 characters" };
                  if (vErrors === null) {
                    vErrors = [err116];
                  } else {
                    vErrors.push(err116);
                  }
                  errors++;
                }
                if (func2(data57) < 2) {
                  const err117 = { instancePath: instancePath + "/spec/bpf/drainTimeout", schemaPath: "#/properties/spec/properties/bpf/properties/drainTimeout/minLength", keyword: "minLength", params: { limit: 2 }, message: "must NOT have fewer than 2 characters" };
                  if (vErrors === null) {
                    vErrors = [err117];
                  } else {
                    vErrors.push(err117);
                  }
                  errors++;
                }
                if (!pattern2.test(data57)) {
                  const err118 = { instancePath: instancePath + "/spec/bpf/drainTimeout", schemaPath: "#/properties/spec/properties/bpf/properties/drainTimeout/pattern", keyword: "pattern", params: { pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$" }, message: 'must match pattern "^([0-9]{1,5}(h|m|s|ms)){1,4}$"' };
                  if (vErrors === null) {
                    vErrors = [err118];
                  } else {
                    vErrors.push(err118);
                  }
                  errors++;
                }
              } else {
                const err119 = { instancePath: instancePath + "/spec/bpf/drainTimeout", schemaPath: "#/properties/spec/properties/bpf/properties/drainTimeout/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err119];
                } else {
                  vErrors.push(err119);
                }
                errors++;
              }
            }
            if (data53.timeouts !== void 0) {
              let data58 = data53.timeouts;
              if (data58 && typeof data58 == "object" && !Array.isArray(data58)) {
                if (data58.tcpSyn !== void 0) {
                  let data59 = data58.tcpSyn;
                  if (typeof data59 === "string") {
                    if (func2(data59) > 32) {
                      const err120 = { instancePath: instancePath + "/spec/bpf/timeouts/tcpSyn", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/tcpSyn/maxLength", keyword: "maxLength", params: { limit: 32 }, message: "must NOT have more than 32 characters" };
                      if (vErrors === null) {
                        vErrors = [err120];
                      } else {
                        vErrors.push(err120);
                      }
                      errors++;
                    }
                    if (func2(data59) < 2) {
                      const err121 = { instancePath: instancePath + "/spec/bpf/timeouts/tcpSyn", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/tcpSyn/minLength", keyword: "minLength", params: { limit: 2 }, message: "must NOT have fewer than 2 characters" };
                      if (vErrors === null) {
                        vErrors = [err121];
                      } else {
                        vErrors.push(err121);
                      }
                      errors++;
                    }
                    if (!pattern2.test(data59)) {
                      const err122 = { instancePath: instancePath + "/spec/bpf/timeouts/tcpSyn", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/tcpSyn/pattern", keyword: "pattern", params: { pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$" }, message: 'must match pattern "^([0-9]{1,5}(h|m|s|ms)){1,4}$"' };
                      if (vErrors === null) {
                        vErrors = [err122];
                      } else {
                        vErrors.push(err122);
                      }
                      errors++;
                    }
                  } else {
                    const err123 = { instancePath: instancePath + "/spec/bpf/timeouts/tcpSyn", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/tcpSyn/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err123];
                    } else {
                      vErrors.push(err123);
                    }
                    errors++;
                  }
                }
                if (data58.tcpEstablished !== void 0) {
                  let data60 = data58.tcpEstablished;
                  if (typeof data60 === "string") {
                    if (func2(data60) > 32) {
                      const err124 = { instancePath: instancePath + "/spec/bpf/timeouts/tcpEstablished", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/tcpEstablished/maxLength", keyword: "maxLength", params: { limit: 32 }, message: "must NOT have more than 32 characters" };
                      if (vErrors === null) {
                        vErrors = [err124];
                      } else {
                        vErrors.push(err124);
                      }
                      errors++;
                    }
                    if (func2(data60) < 2) {
                      const err125 = { instancePath: instancePath + "/spec/bpf/timeouts/tcpEstablished", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/tcpEstablished/minLength", keyword: "minLength", params: { limit: 2 }, message: "must NOT have fewer than 2 characters" };
                      if (vErrors === null) {
                        vErrors = [err125];
                      } else {
                        vErrors.push(err125);
                      }
                      errors++;
                    }
                    if (!pattern2.test(data60)) {
                      const err126 = { instancePath: instancePath + "/spec/bpf/timeouts/tcpEstablished", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/tcpEstablished/pattern", keyword: "pattern", params: { pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$" }, message: 'must match pattern "^([0-9]{1,5}(h|m|s|ms)){1,4}$"' };
                      if (vErrors === null) {
                        vErrors = [err126];
                      } else {
                        vErrors.push(err126);
                      }
                      errors++;
                    }
                  } else {
                    const err127 = { instancePath: instancePath + "/spec/bpf/timeouts/tcpEstablished", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/tcpEstablished/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err127];
                    } else {
                      vErrors.push(err127);
                    }
                    errors++;
                  }
                }
                if (data58.tcpClosing !== void 0) {
                  let data61 = data58.tcpClosing;
                  if (typeof data61 === "string") {
                    if (func2(data61) > 32) {
                      const err128 = { instancePath: instancePath + "/spec/bpf/timeouts/tcpClosing", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/tcpClosing/maxLength", keyword: "maxLength", params: { limit: 32 }, message: "must NOT have more than 32 characters" };
                      if (vErrors === null) {
                        vErrors = [err128];
                      } else {
                        vErrors.push(err128);
                      }
                      errors++;
                    }
                    if (func2(data61) < 2) {
                      const err129 = { instancePath: instancePath + "/spec/bpf/timeouts/tcpClosing", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/tcpClosing/minLength", keyword: "minLength", params: { limit: 2 }, message: "must NOT have fewer than 2 characters" };
                      if (vErrors === null) {
                        vErrors = [err129];
                      } else {
                        vErrors.push(err129);
                      }
                      errors++;
                    }
                    if (!pattern2.test(data61)) {
                      const err130 = { instancePath: instancePath + "/spec/bpf/timeouts/tcpClosing", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/tcpClosing/pattern", keyword: "pattern", params: { pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$" }, message: 'must match pattern "^([0-9]{1,5}(h|m|s|ms)){1,4}$"' };
                      if (vErrors === null) {
                        vErrors = [err130];
                      } else {
                        vErrors.push(err130);
                      }
                      errors++;
                    }
                  } else {
                    const err131 = { instancePath: instancePath + "/spec/bpf/timeouts/tcpClosing", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/tcpClosing/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err131];
                    } else {
                      vErrors.push(err131);
                    }
                    errors++;
                  }
                }
                if (data58.tcpReset !== void 0) {
                  let data62 = data58.tcpReset;
                  if (typeof data62 === "string") {
                    if (func2(data62) > 32) {
                      const err132 = { instancePath: instancePath + "/spec/bpf/timeouts/tcpReset", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/tcpReset/maxLength", keyword: "maxLength", params: { limit: 32 }, message: "must NOT have more than 32 characters" };
                      if (vErrors === null) {
                        vErrors = [err132];
                      } else {
                        vErrors.push(err132);
                      }
                      errors++;
                    }
                    if (func2(data62) < 2) {
                      const err133 = { instancePath: instancePath + "/spec/bpf/timeouts/tcpReset", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/tcpReset/minLength", keyword: "minLength", params: { limit: 2 }, message: "must NOT have fewer than 2 characters" };
                      if (vErrors === null) {
                        vErrors = [err133];
                      } else {
                        vErrors.push(err133);
                      }
                      errors++;
                    }
                    if (!pattern2.test(data62)) {
                      const err134 = { instancePath: instancePath + "/spec/bpf/timeouts/tcpReset", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/tcpReset/pattern", keyword: "pattern", params: { pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$" }, message: 'must match pattern "^([0-9]{1,5}(h|m|s|ms)){1,4}$"' };
                      if (vErrors === null) {
                        vErrors = [err134];
                      } else {
                        vErrors.push(err134);
                      }
                      errors++;
                    }
                  } else {
                    const err135 = { instancePath: instancePath + "/spec/bpf/timeouts/tcpReset", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/tcpReset/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err135];
                    } else {
                      vErrors.push(err135);
                    }
                    errors++;
                  }
                }
                if (data58.udp !== void 0) {
                  let data63 = data58.udp;
                  if (typeof data63 === "string") {
                    if (func2(data63) > 32) {
                      const err136 = { instancePath: instancePath + "/spec/bpf/timeouts/udp", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/udp/maxLength", keyword: "maxLength", params: { limit: 32 }, message: "must NOT have more than 32 characters" };
                      if (vErrors === null) {
                        vErrors = [err136];
                      } else {
                        vErrors.push(err136);
                      }
                      errors++;
                    }
                    if (func2(data63) < 2) {
                      const err137 = { instancePath: instancePath + "/spec/bpf/timeouts/udp", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/udp/minLength", keyword: "minLength", params: { limit: 2 }, message: "must NOT have fewer than 2 characters" };
                      if (vErrors === null) {
                        vErrors = [err137];
                      } else {
                        vErrors.push(err137);
                      }
                      errors++;
                    }
                    if (!pattern2.test(data63)) {
                      const err138 = { instancePath: instancePath + "/spec/bpf/timeouts/udp", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/udp/pattern", keyword: "pattern", params: { pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$" }, message: 'must match pattern "^([0-9]{1,5}(h|m|s|ms)){1,4}$"' };
                      if (vErrors === null) {
                        vErrors = [err138];
                      } else {
                        vErrors.push(err138);
                      }
                      errors++;
                    }
                  } else {
                    const err139 = { instancePath: instancePath + "/spec/bpf/timeouts/udp", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/udp/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err139];
                    } else {
                      vErrors.push(err139);
                    }
                    errors++;
                  }
                }
                if (data58.udpStream !== void 0) {
                  let data64 = data58.udpStream;
                  if (typeof data64 === "string") {
                    if (func2(data64) > 32) {
                      const err140 = { instancePath: instancePath + "/spec/bpf/timeouts/udpStream", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/udpStream/maxLength", keyword: "maxLength", params: { limit: 32 }, message: "must NOT have more than 32 characters" };
                      if (vErrors === null) {
                        vErrors = [err140];
                      } else {
                        vErrors.push(err140);
                      }
                      errors++;
                    }
                    if (func2(data64) < 2) {
                      const err141 = { instancePath: instancePath + "/spec/bpf/timeouts/udpStream", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/udpStream/minLength", keyword: "minLength", params: { limit: 2 }, message: "must NOT have fewer than 2 characters" };
                      if (vErrors === null) {
                        vErrors = [err141];
                      } else {
                        vErrors.push(err141);
                      }
                      errors++;
                    }
                    if (!pattern2.test(data64)) {
                      const err142 = { instancePath: instancePath + "/spec/bpf/timeouts/udpStream", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/udpStream/pattern", keyword: "pattern", params: { pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$" }, message: 'must match pattern "^([0-9]{1,5}(h|m|s|ms)){1,4}$"' };
                      if (vErrors === null) {
                        vErrors = [err142];
                      } else {
                        vErrors.push(err142);
                      }
                      errors++;
                    }
                  } else {
                    const err143 = { instancePath: instancePath + "/spec/bpf/timeouts/udpStream", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/udpStream/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err143];
                    } else {
                      vErrors.push(err143);
                    }
                    errors++;
                  }
                }
                if (data58.icmp !== void 0) {
                  let data65 = data58.icmp;
                  if (typeof data65 === "string") {
                    if (func2(data65) > 32) {
                      const err144 = { instancePath: instancePath + "/spec/bpf/timeouts/icmp", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/icmp/maxLength", keyword: "maxLength", params: { limit: 32 }, message: "must NOT have more than 32 characters" };
                      if (vErrors === null) {
                        vErrors = [err144];
                      } else {
                        vErrors.push(err144);
                      }
                      errors++;
                    }
                    if (func2(data65) < 2) {
                      const err145 = { instancePath: instancePath + "/spec/bpf/timeouts/icmp", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/icmp/minLength", keyword: "minLength", params: { limit: 2 }, message: "must NOT have fewer than 2 characters" };
                      if (vErrors === null) {
                        vErrors = [err145];
                      } else {
                        vErrors.push(err145);
                      }
                      errors++;
                    }
                    if (!pattern2.test(data65)) {
                      const err146 = { instancePath: instancePath + "/spec/bpf/timeouts/icmp", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/icmp/pattern", keyword: "pattern", params: { pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$" }, message: 'must match pattern "^([0-9]{1,5}(h|m|s|ms)){1,4}$"' };
                      if (vErrors === null) {
                        vErrors = [err146];
                      } else {
                        vErrors.push(err146);
                      }
                      errors++;
                    }
                  } else {
                    const err147 = { instancePath: instancePath + "/spec/bpf/timeouts/icmp", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/icmp/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err147];
                    } else {
                      vErrors.push(err147);
                    }
                    errors++;
                  }
                }
                if (data58.generic !== void 0) {
                  let data66 = data58.generic;
                  if (typeof data66 === "string") {
                    if (func2(data66) > 32) {
                      const err148 = { instancePath: instancePath + "/spec/bpf/timeouts/generic", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/generic/maxLength", keyword: "maxLength", params: { limit: 32 }, message: "must NOT have more than 32 characters" };
                      if (vErrors === null) {
                        vErrors = [err148];
                      } else {
                        vErrors.push(err148);
                      }
                      errors++;
                    }
                    if (func2(data66) < 2) {
                      const err149 = { instancePath: instancePath + "/spec/bpf/timeouts/generic", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/generic/minLength", keyword: "minLength", params: { limit: 2 }, message: "must NOT have fewer than 2 characters" };
                      if (vErrors === null) {
                        vErrors = [err149];
                      } else {
                        vErrors.push(err149);
                      }
                      errors++;
                    }
                    if (!pattern2.test(data66)) {
                      const err150 = { instancePath: instancePath + "/spec/bpf/timeouts/generic", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/generic/pattern", keyword: "pattern", params: { pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$" }, message: 'must match pattern "^([0-9]{1,5}(h|m|s|ms)){1,4}$"' };
                      if (vErrors === null) {
                        vErrors = [err150];
                      } else {
                        vErrors.push(err150);
                      }
                      errors++;
                    }
                  } else {
                    const err151 = { instancePath: instancePath + "/spec/bpf/timeouts/generic", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/properties/generic/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err151];
                    } else {
                      vErrors.push(err151);
                    }
                    errors++;
                  }
                }
              } else {
                const err152 = { instancePath: instancePath + "/spec/bpf/timeouts", schemaPath: "#/properties/spec/properties/bpf/properties/timeouts/type", keyword: "type", params: { type: "object" }, message: "must be object" };
                if (vErrors === null) {
                  vErrors = [err152];
                } else {
                  vErrors.push(err152);
                }
                errors++;
              }
            }
          } else {
            const err153 = { instancePath: instancePath + "/spec/bpf", schemaPath: "#/properties/spec/properties/bpf/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err153];
            } else {
              vErrors.push(err153);
            }
            errors++;
          }
        }
        if (data3.images !== void 0) {
          let data67 = data3.images;
          if (data67 && typeof data67 == "object" && !Array.isArray(data67)) {
            if (data67.registry !== void 0) {
              let data68 = data67.registry;
              if (typeof data68 === "string") {
                if (func2(data68) > 255) {
                  const err154 = { instancePath: instancePath + "/spec/images/registry", schemaPath: "#/properties/spec/properties/images/properties/registry/maxLength", keyword: "maxLength", params: { limit: 255 }, message: "must NOT have more than 255 characters" };
                  if (vErrors === null) {
                    vErrors = [err154];
                  } else {
                    vErrors.push(err154);
                  }
                  errors++;
                }
              } else {
                const err155 = { instancePath: instancePath + "/spec/images/registry", schemaPath: "#/properties/spec/properties/images/properties/registry/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err155];
                } else {
                  vErrors.push(err155);
                }
                errors++;
              }
            }
            if (data67.path !== void 0) {
              let data69 = data67.path;
              if (typeof data69 === "string") {
                if (func2(data69) > 255) {
                  const err156 = { instancePath: instancePath + "/spec/images/path", schemaPath: "#/properties/spec/properties/images/properties/path/maxLength", keyword: "maxLength", params: { limit: 255 }, message: "must NOT have more than 255 characters" };
                  if (vErrors === null) {
                    vErrors = [err156];
                  } else {
                    vErrors.push(err156);
                  }
                  errors++;
                }
                if (!pattern13.test(data69)) {
                  const err157 = { instancePath: instancePath + "/spec/images/path", schemaPath: "#/properties/spec/properties/images/properties/path/pattern", keyword: "pattern", params: { pattern: "^([a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*)?$" }, message: 'must match pattern "^([a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*)?$"' };
                  if (vErrors === null) {
                    vErrors = [err157];
                  } else {
                    vErrors.push(err157);
                  }
                  errors++;
                }
              } else {
                const err158 = { instancePath: instancePath + "/spec/images/path", schemaPath: "#/properties/spec/properties/images/properties/path/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err158];
                } else {
                  vErrors.push(err158);
                }
                errors++;
              }
            }
            if (data67.pullPolicy !== void 0) {
              let data70 = data67.pullPolicy;
              if (typeof data70 !== "string") {
                const err159 = { instancePath: instancePath + "/spec/images/pullPolicy", schemaPath: "#/properties/spec/properties/images/properties/pullPolicy/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err159];
                } else {
                  vErrors.push(err159);
                }
                errors++;
              }
              if (!(data70 === "Always" || data70 === "IfNotPresent" || data70 === "Never")) {
                const err160 = { instancePath: instancePath + "/spec/images/pullPolicy", schemaPath: "#/properties/spec/properties/images/properties/pullPolicy/enum", keyword: "enum", params: { allowedValues: schema11.properties.spec.properties.images.properties.pullPolicy.enum }, message: "must be equal to one of the allowed values" };
                if (vErrors === null) {
                  vErrors = [err160];
                } else {
                  vErrors.push(err160);
                }
                errors++;
              }
            }
            if (data67.pullSecrets !== void 0) {
              let data71 = data67.pullSecrets;
              if (Array.isArray(data71)) {
                if (data71.length > 16) {
                  const err161 = { instancePath: instancePath + "/spec/images/pullSecrets", schemaPath: "#/properties/spec/properties/images/properties/pullSecrets/maxItems", keyword: "maxItems", params: { limit: 16 }, message: "must NOT have more than 16 items" };
                  if (vErrors === null) {
                    vErrors = [err161];
                  } else {
                    vErrors.push(err161);
                  }
                  errors++;
                }
                const len7 = data71.length;
                for (let i7 = 0; i7 < len7; i7++) {
                  let data72 = data71[i7];
                  if (data72 && typeof data72 == "object" && !Array.isArray(data72)) {
                    if (data72.name === void 0) {
                      const err162 = { instancePath: instancePath + "/spec/images/pullSecrets/" + i7, schemaPath: "#/properties/spec/properties/images/properties/pullSecrets/items/required", keyword: "required", params: { missingProperty: "name" }, message: "must have required property 'name'" };
                      if (vErrors === null) {
                        vErrors = [err162];
                      } else {
                        vErrors.push(err162);
                      }
                      errors++;
                    }
                    if (data72.name !== void 0) {
                      let data73 = data72.name;
                      if (typeof data73 === "string") {
                        if (func2(data73) > 253) {
                          const err163 = { instancePath: instancePath + "/spec/images/pullSecrets/" + i7 + "/name", schemaPath: "#/properties/spec/properties/images/properties/pullSecrets/items/properties/name/maxLength", keyword: "maxLength", params: { limit: 253 }, message: "must NOT have more than 253 characters" };
                          if (vErrors === null) {
                            vErrors = [err163];
                          } else {
                            vErrors.push(err163);
                          }
                          errors++;
                        }
                        if (func2(data73) < 1) {
                          const err164 = { instancePath: instancePath + "/spec/images/pullSecrets/" + i7 + "/name", schemaPath: "#/properties/spec/properties/images/properties/pullSecrets/items/properties/name/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
                          if (vErrors === null) {
                            vErrors = [err164];
                          } else {
                            vErrors.push(err164);
                          }
                          errors++;
                        }
                      } else {
                        const err165 = { instancePath: instancePath + "/spec/images/pullSecrets/" + i7 + "/name", schemaPath: "#/properties/spec/properties/images/properties/pullSecrets/items/properties/name/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                        if (vErrors === null) {
                          vErrors = [err165];
                        } else {
                          vErrors.push(err165);
                        }
                        errors++;
                      }
                    }
                  } else {
                    const err166 = { instancePath: instancePath + "/spec/images/pullSecrets/" + i7, schemaPath: "#/properties/spec/properties/images/properties/pullSecrets/items/type", keyword: "type", params: { type: "object" }, message: "must be object" };
                    if (vErrors === null) {
                      vErrors = [err166];
                    } else {
                      vErrors.push(err166);
                    }
                    errors++;
                  }
                }
              } else {
                const err167 = { instancePath: instancePath + "/spec/images/pullSecrets", schemaPath: "#/properties/spec/properties/images/properties/pullSecrets/type", keyword: "type", params: { type: "array" }, message: "must be array" };
                if (vErrors === null) {
                  vErrors = [err167];
                } else {
                  vErrors.push(err167);
                }
                errors++;
              }
            }
            if (data67.digests !== void 0) {
              let data74 = data67.digests;
              if (data74 && typeof data74 == "object" && !Array.isArray(data74)) {
                if (data74.agent !== void 0) {
                  let data75 = data74.agent;
                  if (typeof data75 === "string") {
                    if (func2(data75) > 71) {
                      const err168 = { instancePath: instancePath + "/spec/images/digests/agent", schemaPath: "#/properties/spec/properties/images/properties/digests/properties/agent/maxLength", keyword: "maxLength", params: { limit: 71 }, message: "must NOT have more than 71 characters" };
                      if (vErrors === null) {
                        vErrors = [err168];
                      } else {
                        vErrors.push(err168);
                      }
                      errors++;
                    }
                    if (!pattern14.test(data75)) {
                      const err169 = { instancePath: instancePath + "/spec/images/digests/agent", schemaPath: "#/properties/spec/properties/images/properties/digests/properties/agent/pattern", keyword: "pattern", params: { pattern: "^sha256:[0-9a-f]{64}$" }, message: 'must match pattern "^sha256:[0-9a-f]{64}$"' };
                      if (vErrors === null) {
                        vErrors = [err169];
                      } else {
                        vErrors.push(err169);
                      }
                      errors++;
                    }
                  } else {
                    const err170 = { instancePath: instancePath + "/spec/images/digests/agent", schemaPath: "#/properties/spec/properties/images/properties/digests/properties/agent/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err170];
                    } else {
                      vErrors.push(err170);
                    }
                    errors++;
                  }
                }
              } else {
                const err171 = { instancePath: instancePath + "/spec/images/digests", schemaPath: "#/properties/spec/properties/images/properties/digests/type", keyword: "type", params: { type: "object" }, message: "must be object" };
                if (vErrors === null) {
                  vErrors = [err171];
                } else {
                  vErrors.push(err171);
                }
                errors++;
              }
            }
          } else {
            const err172 = { instancePath: instancePath + "/spec/images", schemaPath: "#/properties/spec/properties/images/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err172];
            } else {
              vErrors.push(err172);
            }
            errors++;
          }
        }
        if (data3.agent !== void 0) {
          let data76 = data3.agent;
          if (data76 && typeof data76 == "object" && !Array.isArray(data76)) {
            if (data76.resources !== void 0) {
              let data77 = data76.resources;
              if (data77 && typeof data77 == "object" && !Array.isArray(data77)) {
                if (data77.requests !== void 0) {
                  let data78 = data77.requests;
                  if (data78 && typeof data78 == "object" && !Array.isArray(data78)) {
                    if (Object.keys(data78).length > 16) {
                      const err173 = { instancePath: instancePath + "/spec/agent/resources/requests", schemaPath: "#/properties/spec/properties/agent/properties/resources/properties/requests/maxProperties", keyword: "maxProperties", params: { limit: 16 }, message: "must NOT have more than 16 properties" };
                      if (vErrors === null) {
                        vErrors = [err173];
                      } else {
                        vErrors.push(err173);
                      }
                      errors++;
                    }
                    for (const key2 in data78) {
                      let data79 = data78[key2];
                      if (!(typeof data79 == "number" && (!(data79 % 1) && !isNaN(data79))) && typeof data79 !== "string") {
                        const err174 = { instancePath: instancePath + "/spec/agent/resources/requests/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/spec/properties/agent/properties/resources/properties/requests/additionalProperties/type", keyword: "type", params: { type: schema11.properties.spec.properties.agent.properties.resources.properties.requests.additionalProperties.type }, message: "must be integer,string" };
                        if (vErrors === null) {
                          vErrors = [err174];
                        } else {
                          vErrors.push(err174);
                        }
                        errors++;
                      }
                      if (typeof data79 === "string") {
                        if (func2(data79) > 64) {
                          const err175 = { instancePath: instancePath + "/spec/agent/resources/requests/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/spec/properties/agent/properties/resources/properties/requests/additionalProperties/maxLength", keyword: "maxLength", params: { limit: 64 }, message: "must NOT have more than 64 characters" };
                          if (vErrors === null) {
                            vErrors = [err175];
                          } else {
                            vErrors.push(err175);
                          }
                          errors++;
                        }
                      }
                    }
                  } else {
                    const err176 = { instancePath: instancePath + "/spec/agent/resources/requests", schemaPath: "#/properties/spec/properties/agent/properties/resources/properties/requests/type", keyword: "type", params: { type: "object" }, message: "must be object" };
                    if (vErrors === null) {
                      vErrors = [err176];
                    } else {
                      vErrors.push(err176);
                    }
                    errors++;
                  }
                }
                if (data77.limits !== void 0) {
                  let data80 = data77.limits;
                  if (data80 && typeof data80 == "object" && !Array.isArray(data80)) {
                    if (Object.keys(data80).length > 16) {
                      const err177 = { instancePath: instancePath + "/spec/agent/resources/limits", schemaPath: "#/properties/spec/properties/agent/properties/resources/properties/limits/maxProperties", keyword: "maxProperties", params: { limit: 16 }, message: "must NOT have more than 16 properties" };
                      if (vErrors === null) {
                        vErrors = [err177];
                      } else {
                        vErrors.push(err177);
                      }
                      errors++;
                    }
                    for (const key3 in data80) {
                      let data81 = data80[key3];
                      if (!(typeof data81 == "number" && (!(data81 % 1) && !isNaN(data81))) && typeof data81 !== "string") {
                        const err178 = { instancePath: instancePath + "/spec/agent/resources/limits/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/spec/properties/agent/properties/resources/properties/limits/additionalProperties/type", keyword: "type", params: { type: schema11.properties.spec.properties.agent.properties.resources.properties.limits.additionalProperties.type }, message: "must be integer,string" };
                        if (vErrors === null) {
                          vErrors = [err178];
                        } else {
                          vErrors.push(err178);
                        }
                        errors++;
                      }
                      if (typeof data81 === "string") {
                        if (func2(data81) > 64) {
                          const err179 = { instancePath: instancePath + "/spec/agent/resources/limits/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/spec/properties/agent/properties/resources/properties/limits/additionalProperties/maxLength", keyword: "maxLength", params: { limit: 64 }, message: "must NOT have more than 64 characters" };
                          if (vErrors === null) {
                            vErrors = [err179];
                          } else {
                            vErrors.push(err179);
                          }
                          errors++;
                        }
                      }
                    }
                  } else {
                    const err180 = { instancePath: instancePath + "/spec/agent/resources/limits", schemaPath: "#/properties/spec/properties/agent/properties/resources/properties/limits/type", keyword: "type", params: { type: "object" }, message: "must be object" };
                    if (vErrors === null) {
                      vErrors = [err180];
                    } else {
                      vErrors.push(err180);
                    }
                    errors++;
                  }
                }
              } else {
                const err181 = { instancePath: instancePath + "/spec/agent/resources", schemaPath: "#/properties/spec/properties/agent/properties/resources/type", keyword: "type", params: { type: "object" }, message: "must be object" };
                if (vErrors === null) {
                  vErrors = [err181];
                } else {
                  vErrors.push(err181);
                }
                errors++;
              }
            }
            if (data76.tolerations !== void 0) {
              let data82 = data76.tolerations;
              if (Array.isArray(data82)) {
                if (data82.length > 32) {
                  const err182 = { instancePath: instancePath + "/spec/agent/tolerations", schemaPath: "#/properties/spec/properties/agent/properties/tolerations/maxItems", keyword: "maxItems", params: { limit: 32 }, message: "must NOT have more than 32 items" };
                  if (vErrors === null) {
                    vErrors = [err182];
                  } else {
                    vErrors.push(err182);
                  }
                  errors++;
                }
                const len8 = data82.length;
                for (let i8 = 0; i8 < len8; i8++) {
                  let data83 = data82[i8];
                  if (data83 && typeof data83 == "object" && !Array.isArray(data83)) {
                    if (data83.key !== void 0) {
                      let data84 = data83.key;
                      if (typeof data84 === "string") {
                        if (func2(data84) > 317) {
                          const err183 = { instancePath: instancePath + "/spec/agent/tolerations/" + i8 + "/key", schemaPath: "#/properties/spec/properties/agent/properties/tolerations/items/properties/key/maxLength", keyword: "maxLength", params: { limit: 317 }, message: "must NOT have more than 317 characters" };
                          if (vErrors === null) {
                            vErrors = [err183];
                          } else {
                            vErrors.push(err183);
                          }
                          errors++;
                        }
                      } else {
                        const err184 = { instancePath: instancePath + "/spec/agent/tolerations/" + i8 + "/key", schemaPath: "#/properties/spec/properties/agent/properties/tolerations/items/properties/key/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                        if (vErrors === null) {
                          vErrors = [err184];
                        } else {
                          vErrors.push(err184);
                        }
                        errors++;
                      }
                    }
                    if (data83.operator !== void 0) {
                      let data85 = data83.operator;
                      if (typeof data85 !== "string") {
                        const err185 = { instancePath: instancePath + "/spec/agent/tolerations/" + i8 + "/operator", schemaPath: "#/properties/spec/properties/agent/properties/tolerations/items/properties/operator/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                        if (vErrors === null) {
                          vErrors = [err185];
                        } else {
                          vErrors.push(err185);
                        }
                        errors++;
                      }
                      if (!(data85 === "Exists" || data85 === "Equal")) {
                        const err186 = { instancePath: instancePath + "/spec/agent/tolerations/" + i8 + "/operator", schemaPath: "#/properties/spec/properties/agent/properties/tolerations/items/properties/operator/enum", keyword: "enum", params: { allowedValues: schema11.properties.spec.properties.agent.properties.tolerations.items.properties.operator.enum }, message: "must be equal to one of the allowed values" };
                        if (vErrors === null) {
                          vErrors = [err186];
                        } else {
                          vErrors.push(err186);
                        }
                        errors++;
                      }
                    }
                    if (data83.value !== void 0) {
                      let data86 = data83.value;
                      if (typeof data86 === "string") {
                        if (func2(data86) > 63) {
                          const err187 = { instancePath: instancePath + "/spec/agent/tolerations/" + i8 + "/value", schemaPath: "#/properties/spec/properties/agent/properties/tolerations/items/properties/value/maxLength", keyword: "maxLength", params: { limit: 63 }, message: "must NOT have more than 63 characters" };
                          if (vErrors === null) {
                            vErrors = [err187];
                          } else {
                            vErrors.push(err187);
                          }
                          errors++;
                        }
                      } else {
                        const err188 = { instancePath: instancePath + "/spec/agent/tolerations/" + i8 + "/value", schemaPath: "#/properties/spec/properties/agent/properties/tolerations/items/properties/value/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                        if (vErrors === null) {
                          vErrors = [err188];
                        } else {
                          vErrors.push(err188);
                        }
                        errors++;
                      }
                    }
                    if (data83.effect !== void 0) {
                      let data87 = data83.effect;
                      if (typeof data87 !== "string") {
                        const err189 = { instancePath: instancePath + "/spec/agent/tolerations/" + i8 + "/effect", schemaPath: "#/properties/spec/properties/agent/properties/tolerations/items/properties/effect/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                        if (vErrors === null) {
                          vErrors = [err189];
                        } else {
                          vErrors.push(err189);
                        }
                        errors++;
                      }
                      if (!(data87 === "NoSchedule" || data87 === "PreferNoSchedule" || data87 === "NoExecute")) {
                        const err190 = { instancePath: instancePath + "/spec/agent/tolerations/" + i8 + "/effect", schemaPath: "#/properties/spec/properties/agent/properties/tolerations/items/properties/effect/enum", keyword: "enum", params: { allowedValues: schema11.properties.spec.properties.agent.properties.tolerations.items.properties.effect.enum }, message: "must be equal to one of the allowed values" };
                        if (vErrors === null) {
                          vErrors = [err190];
                        } else {
                          vErrors.push(err190);
                        }
                        errors++;
                      }
                    }
                    if (data83.tolerationSeconds !== void 0) {
                      let data88 = data83.tolerationSeconds;
                      if (!(typeof data88 == "number" && (!(data88 % 1) && !isNaN(data88)))) {
                        const err191 = { instancePath: instancePath + "/spec/agent/tolerations/" + i8 + "/tolerationSeconds", schemaPath: "#/properties/spec/properties/agent/properties/tolerations/items/properties/tolerationSeconds/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                        if (vErrors === null) {
                          vErrors = [err191];
                        } else {
                          vErrors.push(err191);
                        }
                        errors++;
                      }
                    }
                  } else {
                    const err192 = { instancePath: instancePath + "/spec/agent/tolerations/" + i8, schemaPath: "#/properties/spec/properties/agent/properties/tolerations/items/type", keyword: "type", params: { type: "object" }, message: "must be object" };
                    if (vErrors === null) {
                      vErrors = [err192];
                    } else {
                      vErrors.push(err192);
                    }
                    errors++;
                  }
                }
              } else {
                const err193 = { instancePath: instancePath + "/spec/agent/tolerations", schemaPath: "#/properties/spec/properties/agent/properties/tolerations/type", keyword: "type", params: { type: "array" }, message: "must be array" };
                if (vErrors === null) {
                  vErrors = [err193];
                } else {
                  vErrors.push(err193);
                }
                errors++;
              }
            }
            if (data76.affinity !== void 0) {
              let data89 = data76.affinity;
              if (!(data89 && typeof data89 == "object" && !Array.isArray(data89))) {
                const err194 = { instancePath: instancePath + "/spec/agent/affinity", schemaPath: "#/properties/spec/properties/agent/properties/affinity/type", keyword: "type", params: { type: "object" }, message: "must be object" };
                if (vErrors === null) {
                  vErrors = [err194];
                } else {
                  vErrors.push(err194);
                }
                errors++;
              }
            }
            if (data76.logLevel !== void 0) {
              let data90 = data76.logLevel;
              if (typeof data90 !== "string") {
                const err195 = { instancePath: instancePath + "/spec/agent/logLevel", schemaPath: "#/properties/spec/properties/agent/properties/logLevel/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err195];
                } else {
                  vErrors.push(err195);
                }
                errors++;
              }
              if (!(data90 === "Error" || data90 === "Warn" || data90 === "Info" || data90 === "Debug")) {
                const err196 = { instancePath: instancePath + "/spec/agent/logLevel", schemaPath: "#/properties/spec/properties/agent/properties/logLevel/enum", keyword: "enum", params: { allowedValues: schema11.properties.spec.properties.agent.properties.logLevel.enum }, message: "must be equal to one of the allowed values" };
                if (vErrors === null) {
                  vErrors = [err196];
                } else {
                  vErrors.push(err196);
                }
                errors++;
              }
            }
            if (data76.metricsPort !== void 0) {
              let data91 = data76.metricsPort;
              if (!(typeof data91 == "number" && (!(data91 % 1) && !isNaN(data91)))) {
                const err197 = { instancePath: instancePath + "/spec/agent/metricsPort", schemaPath: "#/properties/spec/properties/agent/properties/metricsPort/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                if (vErrors === null) {
                  vErrors = [err197];
                } else {
                  vErrors.push(err197);
                }
                errors++;
              }
              if (typeof data91 == "number") {
                if (data91 > 65535 || isNaN(data91)) {
                  const err198 = { instancePath: instancePath + "/spec/agent/metricsPort", schemaPath: "#/properties/spec/properties/agent/properties/metricsPort/maximum", keyword: "maximum", params: { comparison: "<=", limit: 65535 }, message: "must be <= 65535" };
                  if (vErrors === null) {
                    vErrors = [err198];
                  } else {
                    vErrors.push(err198);
                  }
                  errors++;
                }
                if (data91 < 1024 || isNaN(data91)) {
                  const err199 = { instancePath: instancePath + "/spec/agent/metricsPort", schemaPath: "#/properties/spec/properties/agent/properties/metricsPort/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1024 }, message: "must be >= 1024" };
                  if (vErrors === null) {
                    vErrors = [err199];
                  } else {
                    vErrors.push(err199);
                  }
                  errors++;
                }
              }
            }
          } else {
            const err200 = { instancePath: instancePath + "/spec/agent", schemaPath: "#/properties/spec/properties/agent/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err200];
            } else {
              vErrors.push(err200);
            }
            errors++;
          }
        }
        if (data3.onDelete !== void 0) {
          let data92 = data3.onDelete;
          if (data92 && typeof data92 == "object" && !Array.isArray(data92)) {
            if (data92.fabric !== void 0) {
              let data93 = data92.fabric;
              if (typeof data93 !== "string") {
                const err201 = { instancePath: instancePath + "/spec/onDelete/fabric", schemaPath: "#/properties/spec/properties/onDelete/properties/fabric/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err201];
                } else {
                  vErrors.push(err201);
                }
                errors++;
              }
              if (!(data93 === "Keep" || data93 === "Remove")) {
                const err202 = { instancePath: instancePath + "/spec/onDelete/fabric", schemaPath: "#/properties/spec/properties/onDelete/properties/fabric/enum", keyword: "enum", params: { allowedValues: schema11.properties.spec.properties.onDelete.properties.fabric.enum }, message: "must be equal to one of the allowed values" };
                if (vErrors === null) {
                  vErrors = [err202];
                } else {
                  vErrors.push(err202);
                }
                errors++;
              }
            }
            if (data92.timeout !== void 0) {
              let data94 = data92.timeout;
              if (typeof data94 === "string") {
                if (func2(data94) > 32) {
                  const err203 = { instancePath: instancePath + "/spec/onDelete/timeout", schemaPath: "#/properties/spec/properties/onDelete/properties/timeout/maxLength", keyword: "maxLength", params: { limit: 32 }, message: "must NOT have more than 32 characters" };
                  if (vErrors === null) {
                    vErrors = [err203];
                  } else {
                    vErrors.push(err203);
                  }
                  errors++;
                }
                if (func2(data94) < 2) {
                  const err204 = { instancePath: instancePath + "/spec/onDelete/timeout", schemaPath: "#/properties/spec/properties/onDelete/properties/timeout/minLength", keyword: "minLength", params: { limit: 2 }, message: "must NOT have fewer than 2 characters" };
                  if (vErrors === null) {
                    vErrors = [err204];
                  } else {
                    vErrors.push(err204);
                  }
                  errors++;
                }
                if (!pattern2.test(data94)) {
                  const err205 = { instancePath: instancePath + "/spec/onDelete/timeout", schemaPath: "#/properties/spec/properties/onDelete/properties/timeout/pattern", keyword: "pattern", params: { pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$" }, message: 'must match pattern "^([0-9]{1,5}(h|m|s|ms)){1,4}$"' };
                  if (vErrors === null) {
                    vErrors = [err205];
                  } else {
                    vErrors.push(err205);
                  }
                  errors++;
                }
              } else {
                const err206 = { instancePath: instancePath + "/spec/onDelete/timeout", schemaPath: "#/properties/spec/properties/onDelete/properties/timeout/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err206];
                } else {
                  vErrors.push(err206);
                }
                errors++;
              }
            }
          } else {
            const err207 = { instancePath: instancePath + "/spec/onDelete", schemaPath: "#/properties/spec/properties/onDelete/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err207];
            } else {
              vErrors.push(err207);
            }
            errors++;
          }
        }
      } else {
        const err208 = { instancePath: instancePath + "/spec", schemaPath: "#/properties/spec/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err208];
        } else {
          vErrors.push(err208);
        }
        errors++;
      }
    }
    if (data.status !== void 0) {
      let data95 = data.status;
      if (data95 && typeof data95 == "object" && !Array.isArray(data95)) {
        if (data95.observedGeneration !== void 0) {
          let data96 = data95.observedGeneration;
          if (!(typeof data96 == "number" && (!(data96 % 1) && !isNaN(data96)))) {
            const err209 = { instancePath: instancePath + "/status/observedGeneration", schemaPath: "#/properties/status/properties/observedGeneration/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
            if (vErrors === null) {
              vErrors = [err209];
            } else {
              vErrors.push(err209);
            }
            errors++;
          }
        }
        if (data95.conditions !== void 0) {
          let data97 = data95.conditions;
          if (Array.isArray(data97)) {
            if (data97.length > 16) {
              const err210 = { instancePath: instancePath + "/status/conditions", schemaPath: "#/properties/status/properties/conditions/maxItems", keyword: "maxItems", params: { limit: 16 }, message: "must NOT have more than 16 items" };
              if (vErrors === null) {
                vErrors = [err210];
              } else {
                vErrors.push(err210);
              }
              errors++;
            }
            const len9 = data97.length;
            for (let i9 = 0; i9 < len9; i9++) {
              let data98 = data97[i9];
              if (data98 && typeof data98 == "object" && !Array.isArray(data98)) {
                if (data98.type === void 0) {
                  const err211 = { instancePath: instancePath + "/status/conditions/" + i9, schemaPath: "#/properties/status/properties/conditions/items/required", keyword: "required", params: { missingProperty: "type" }, message: "must have required property 'type'" };
                  if (vErrors === null) {
                    vErrors = [err211];
                  } else {
                    vErrors.push(err211);
                  }
                  errors++;
                }
                if (data98.status === void 0) {
                  const err212 = { instancePath: instancePath + "/status/conditions/" + i9, schemaPath: "#/properties/status/properties/conditions/items/required", keyword: "required", params: { missingProperty: "status" }, message: "must have required property 'status'" };
                  if (vErrors === null) {
                    vErrors = [err212];
                  } else {
                    vErrors.push(err212);
                  }
                  errors++;
                }
                if (data98.lastTransitionTime === void 0) {
                  const err213 = { instancePath: instancePath + "/status/conditions/" + i9, schemaPath: "#/properties/status/properties/conditions/items/required", keyword: "required", params: { missingProperty: "lastTransitionTime" }, message: "must have required property 'lastTransitionTime'" };
                  if (vErrors === null) {
                    vErrors = [err213];
                  } else {
                    vErrors.push(err213);
                  }
                  errors++;
                }
                if (data98.reason === void 0) {
                  const err214 = { instancePath: instancePath + "/status/conditions/" + i9, schemaPath: "#/properties/status/properties/conditions/items/required", keyword: "required", params: { missingProperty: "reason" }, message: "must have required property 'reason'" };
                  if (vErrors === null) {
                    vErrors = [err214];
                  } else {
                    vErrors.push(err214);
                  }
                  errors++;
                }
                if (data98.message === void 0) {
                  const err215 = { instancePath: instancePath + "/status/conditions/" + i9, schemaPath: "#/properties/status/properties/conditions/items/required", keyword: "required", params: { missingProperty: "message" }, message: "must have required property 'message'" };
                  if (vErrors === null) {
                    vErrors = [err215];
                  } else {
                    vErrors.push(err215);
                  }
                  errors++;
                }
                if (data98.type !== void 0) {
                  let data99 = data98.type;
                  if (typeof data99 === "string") {
                    if (func2(data99) > 64) {
                      const err216 = { instancePath: instancePath + "/status/conditions/" + i9 + "/type", schemaPath: "#/properties/status/properties/conditions/items/properties/type/maxLength", keyword: "maxLength", params: { limit: 64 }, message: "must NOT have more than 64 characters" };
                      if (vErrors === null) {
                        vErrors = [err216];
                      } else {
                        vErrors.push(err216);
                      }
                      errors++;
                    }
                    if (!pattern16.test(data99)) {
                      const err217 = { instancePath: instancePath + "/status/conditions/" + i9 + "/type", schemaPath: "#/properties/status/properties/conditions/items/properties/type/pattern", keyword: "pattern", params: { pattern: "^[A-Z][A-Za-z0-9]*$" }, message: 'must match pattern "^[A-Z][A-Za-z0-9]*$"' };
                      if (vErrors === null) {
                        vErrors = [err217];
                      } else {
                        vErrors.push(err217);
                      }
                      errors++;
                    }
                  } else {
                    const err218 = { instancePath: instancePath + "/status/conditions/" + i9 + "/type", schemaPath: "#/properties/status/properties/conditions/items/properties/type/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err218];
                    } else {
                      vErrors.push(err218);
                    }
                    errors++;
                  }
                }
                if (data98.status !== void 0) {
                  let data100 = data98.status;
                  if (typeof data100 !== "string") {
                    const err219 = { instancePath: instancePath + "/status/conditions/" + i9 + "/status", schemaPath: "#/properties/status/properties/conditions/items/properties/status/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err219];
                    } else {
                      vErrors.push(err219);
                    }
                    errors++;
                  }
                  if (!(data100 === "True" || data100 === "False" || data100 === "Unknown")) {
                    const err220 = { instancePath: instancePath + "/status/conditions/" + i9 + "/status", schemaPath: "#/properties/status/properties/conditions/items/properties/status/enum", keyword: "enum", params: { allowedValues: schema11.properties.status.properties.conditions.items.properties.status.enum }, message: "must be equal to one of the allowed values" };
                    if (vErrors === null) {
                      vErrors = [err220];
                    } else {
                      vErrors.push(err220);
                    }
                    errors++;
                  }
                }
                if (data98.observedGeneration !== void 0) {
                  let data101 = data98.observedGeneration;
                  if (!(typeof data101 == "number" && (!(data101 % 1) && !isNaN(data101)))) {
                    const err221 = { instancePath: instancePath + "/status/conditions/" + i9 + "/observedGeneration", schemaPath: "#/properties/status/properties/conditions/items/properties/observedGeneration/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                    if (vErrors === null) {
                      vErrors = [err221];
                    } else {
                      vErrors.push(err221);
                    }
                    errors++;
                  }
                }
                if (data98.lastTransitionTime !== void 0) {
                  if (typeof data98.lastTransitionTime !== "string") {
                    const err222 = { instancePath: instancePath + "/status/conditions/" + i9 + "/lastTransitionTime", schemaPath: "#/properties/status/properties/conditions/items/properties/lastTransitionTime/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err222];
                    } else {
                      vErrors.push(err222);
                    }
                    errors++;
                  }
                }
                if (data98.reason !== void 0) {
                  let data103 = data98.reason;
                  if (typeof data103 === "string") {
                    if (func2(data103) > 64) {
                      const err223 = { instancePath: instancePath + "/status/conditions/" + i9 + "/reason", schemaPath: "#/properties/status/properties/conditions/items/properties/reason/maxLength", keyword: "maxLength", params: { limit: 64 }, message: "must NOT have more than 64 characters" };
                      if (vErrors === null) {
                        vErrors = [err223];
                      } else {
                        vErrors.push(err223);
                      }
                      errors++;
                    }
                    if (!pattern16.test(data103)) {
                      const err224 = { instancePath: instancePath + "/status/conditions/" + i9 + "/reason", schemaPath: "#/properties/status/properties/conditions/items/properties/reason/pattern", keyword: "pattern", params: { pattern: "^[A-Z][A-Za-z0-9]*$" }, message: 'must match pattern "^[A-Z][A-Za-z0-9]*$"' };
                      if (vErrors === null) {
                        vErrors = [err224];
                      } else {
                        vErrors.push(err224);
                      }
                      errors++;
                    }
                  } else {
                    const err225 = { instancePath: instancePath + "/status/conditions/" + i9 + "/reason", schemaPath: "#/properties/status/properties/conditions/items/properties/reason/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err225];
                    } else {
                      vErrors.push(err225);
                    }
                    errors++;
                  }
                }
                if (data98.message !== void 0) {
                  let data104 = data98.message;
                  if (typeof data104 === "string") {
                    if (func2(data104) > 4096) {
                      const err226 = { instancePath: instancePath + "/status/conditions/" + i9 + "/message", schemaPath: "#/properties/status/properties/conditions/items/properties/message/maxLength", keyword: "maxLength", params: { limit: 4096 }, message: "must NOT have more than 4096 characters" };
                      if (vErrors === null) {
                        vErrors = [err226];
                      } else {
                        vErrors.push(err226);
                      }
                      errors++;
                    }
                  } else {
                    const err227 = { instancePath: instancePath + "/status/conditions/" + i9 + "/message", schemaPath: "#/properties/status/properties/conditions/items/properties/message/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err227];
                    } else {
                      vErrors.push(err227);
                    }
                    errors++;
                  }
                }
              } else {
                const err228 = { instancePath: instancePath + "/status/conditions/" + i9, schemaPath: "#/properties/status/properties/conditions/items/type", keyword: "type", params: { type: "object" }, message: "must be object" };
                if (vErrors === null) {
                  vErrors = [err228];
                } else {
                  vErrors.push(err228);
                }
                errors++;
              }
            }
          } else {
            const err229 = { instancePath: instancePath + "/status/conditions", schemaPath: "#/properties/status/properties/conditions/type", keyword: "type", params: { type: "array" }, message: "must be array" };
            if (vErrors === null) {
              vErrors = [err229];
            } else {
              vErrors.push(err229);
            }
            errors++;
          }
        }
        if (data95.computed !== void 0) {
          let data105 = data95.computed;
          if (data105 && typeof data105 == "object" && !Array.isArray(data105)) {
            if (data105.network !== void 0) {
              let data106 = data105.network;
              if (data106 && typeof data106 == "object" && !Array.isArray(data106)) {
                if (data106.cni !== void 0) {
                  if (typeof data106.cni !== "string") {
                    const err230 = { instancePath: instancePath + "/status/computed/network/cni", schemaPath: "#/properties/status/properties/computed/properties/network/properties/cni/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err230];
                    } else {
                      vErrors.push(err230);
                    }
                    errors++;
                  }
                }
              } else {
                const err231 = { instancePath: instancePath + "/status/computed/network", schemaPath: "#/properties/status/properties/computed/properties/network/type", keyword: "type", params: { type: "object" }, message: "must be object" };
                if (vErrors === null) {
                  vErrors = [err231];
                } else {
                  vErrors.push(err231);
                }
                errors++;
              }
            }
          } else {
            const err232 = { instancePath: instancePath + "/status/computed", schemaPath: "#/properties/status/properties/computed/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err232];
            } else {
              vErrors.push(err232);
            }
            errors++;
          }
        }
        if (data95.summary !== void 0) {
          let data108 = data95.summary;
          if (data108 && typeof data108 == "object" && !Array.isArray(data108)) {
            if (data108.nodes !== void 0) {
              let data109 = data108.nodes;
              if (typeof data109 === "string") {
                if (func2(data109) > 64) {
                  const err233 = { instancePath: instancePath + "/status/summary/nodes", schemaPath: "#/properties/status/properties/summary/properties/nodes/maxLength", keyword: "maxLength", params: { limit: 64 }, message: "must NOT have more than 64 characters" };
                  if (vErrors === null) {
                    vErrors = [err233];
                  } else {
                    vErrors.push(err233);
                  }
                  errors++;
                }
              } else {
                const err234 = { instancePath: instancePath + "/status/summary/nodes", schemaPath: "#/properties/status/properties/summary/properties/nodes/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err234];
                } else {
                  vErrors.push(err234);
                }
                errors++;
              }
            }
            if (data108.rollout !== void 0) {
              let data110 = data108.rollout;
              if (typeof data110 === "string") {
                if (func2(data110) > 128) {
                  const err235 = { instancePath: instancePath + "/status/summary/rollout", schemaPath: "#/properties/status/properties/summary/properties/rollout/maxLength", keyword: "maxLength", params: { limit: 128 }, message: "must NOT have more than 128 characters" };
                  if (vErrors === null) {
                    vErrors = [err235];
                  } else {
                    vErrors.push(err235);
                  }
                  errors++;
                }
              } else {
                const err236 = { instancePath: instancePath + "/status/summary/rollout", schemaPath: "#/properties/status/properties/summary/properties/rollout/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err236];
                } else {
                  vErrors.push(err236);
                }
                errors++;
              }
            }
          } else {
            const err237 = { instancePath: instancePath + "/status/summary", schemaPath: "#/properties/status/properties/summary/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err237];
            } else {
              vErrors.push(err237);
            }
            errors++;
          }
        }
        if (data95.nodes !== void 0) {
          let data111 = data95.nodes;
          if (data111 && typeof data111 == "object" && !Array.isArray(data111)) {
            if (data111.total !== void 0) {
              let data112 = data111.total;
              if (!(typeof data112 == "number" && (!(data112 % 1) && !isNaN(data112)))) {
                const err238 = { instancePath: instancePath + "/status/nodes/total", schemaPath: "#/properties/status/properties/nodes/properties/total/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                if (vErrors === null) {
                  vErrors = [err238];
                } else {
                  vErrors.push(err238);
                }
                errors++;
              }
            }
            if (data111.notReady !== void 0) {
              let data113 = data111.notReady;
              if (!(typeof data113 == "number" && (!(data113 % 1) && !isNaN(data113)))) {
                const err239 = { instancePath: instancePath + "/status/nodes/notReady", schemaPath: "#/properties/status/properties/nodes/properties/notReady/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                if (vErrors === null) {
                  vErrors = [err239];
                } else {
                  vErrors.push(err239);
                }
                errors++;
              }
            }
            if (data111.changing !== void 0) {
              let data114 = data111.changing;
              if (!(typeof data114 == "number" && (!(data114 % 1) && !isNaN(data114)))) {
                const err240 = { instancePath: instancePath + "/status/nodes/changing", schemaPath: "#/properties/status/properties/nodes/properties/changing/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                if (vErrors === null) {
                  vErrors = [err240];
                } else {
                  vErrors.push(err240);
                }
                errors++;
              }
            }
            if (data111.failed !== void 0) {
              let data115 = data111.failed;
              if (!(typeof data115 == "number" && (!(data115 % 1) && !isNaN(data115)))) {
                const err241 = { instancePath: instancePath + "/status/nodes/failed", schemaPath: "#/properties/status/properties/nodes/properties/failed/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                if (vErrors === null) {
                  vErrors = [err241];
                } else {
                  vErrors.push(err241);
                }
                errors++;
              }
            }
            if (data111.unsupported !== void 0) {
              let data116 = data111.unsupported;
              if (!(typeof data116 == "number" && (!(data116 % 1) && !isNaN(data116)))) {
                const err242 = { instancePath: instancePath + "/status/nodes/unsupported", schemaPath: "#/properties/status/properties/nodes/properties/unsupported/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                if (vErrors === null) {
                  vErrors = [err242];
                } else {
                  vErrors.push(err242);
                }
                errors++;
              }
            }
            if (data111.excluded !== void 0) {
              let data117 = data111.excluded;
              if (!(typeof data117 == "number" && (!(data117 % 1) && !isNaN(data117)))) {
                const err243 = { instancePath: instancePath + "/status/nodes/excluded", schemaPath: "#/properties/status/properties/nodes/properties/excluded/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                if (vErrors === null) {
                  vErrors = [err243];
                } else {
                  vErrors.push(err243);
                }
                errors++;
              }
            }
            if (data111.bpf !== void 0) {
              let data118 = data111.bpf;
              if (!(typeof data118 == "number" && (!(data118 % 1) && !isNaN(data118)))) {
                const err244 = { instancePath: instancePath + "/status/nodes/bpf", schemaPath: "#/properties/status/properties/nodes/properties/bpf/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                if (vErrors === null) {
                  vErrors = [err244];
                } else {
                  vErrors.push(err244);
                }
                errors++;
              }
            }
            if (data111.standard !== void 0) {
              let data119 = data111.standard;
              if (!(typeof data119 == "number" && (!(data119 % 1) && !isNaN(data119)))) {
                const err245 = { instancePath: instancePath + "/status/nodes/standard", schemaPath: "#/properties/status/properties/nodes/properties/standard/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                if (vErrors === null) {
                  vErrors = [err245];
                } else {
                  vErrors.push(err245);
                }
                errors++;
              }
            }
          } else {
            const err246 = { instancePath: instancePath + "/status/nodes", schemaPath: "#/properties/status/properties/nodes/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err246];
            } else {
              vErrors.push(err246);
            }
            errors++;
          }
        }
        if (data95.rollout !== void 0) {
          let data120 = data95.rollout;
          if (data120 && typeof data120 == "object" && !Array.isArray(data120)) {
            if (data120.target !== void 0) {
              let data121 = data120.target;
              if (typeof data121 !== "string") {
                const err247 = { instancePath: instancePath + "/status/rollout/target", schemaPath: "#/properties/status/properties/rollout/properties/target/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err247];
                } else {
                  vErrors.push(err247);
                }
                errors++;
              }
              if (!(data121 === "BPF" || data121 === "Standard")) {
                const err248 = { instancePath: instancePath + "/status/rollout/target", schemaPath: "#/properties/status/properties/rollout/properties/target/enum", keyword: "enum", params: { allowedValues: schema11.properties.status.properties.rollout.properties.target.enum }, message: "must be equal to one of the allowed values" };
                if (vErrors === null) {
                  vErrors = [err248];
                } else {
                  vErrors.push(err248);
                }
                errors++;
              }
            }
            if (data120.phase !== void 0) {
              let data122 = data120.phase;
              if (typeof data122 !== "string") {
                const err249 = { instancePath: instancePath + "/status/rollout/phase", schemaPath: "#/properties/status/properties/rollout/properties/phase/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err249];
                } else {
                  vErrors.push(err249);
                }
                errors++;
              }
              if (!(data122 === "Idle" || data122 === "Canary" || data122 === "Rolling" || data122 === "Soaking" || data122 === "Paused" || data122 === "Complete")) {
                const err250 = { instancePath: instancePath + "/status/rollout/phase", schemaPath: "#/properties/status/properties/rollout/properties/phase/enum", keyword: "enum", params: { allowedValues: schema11.properties.status.properties.rollout.properties.phase.enum }, message: "must be equal to one of the allowed values" };
                if (vErrors === null) {
                  vErrors = [err250];
                } else {
                  vErrors.push(err250);
                }
                errors++;
              }
            }
            if (data120.configRef !== void 0) {
              let data123 = data120.configRef;
              if (data123 && typeof data123 == "object" && !Array.isArray(data123)) {
                if (data123.name === void 0) {
                  const err251 = { instancePath: instancePath + "/status/rollout/configRef", schemaPath: "#/properties/status/properties/rollout/properties/configRef/required", keyword: "required", params: { missingProperty: "name" }, message: "must have required property 'name'" };
                  if (vErrors === null) {
                    vErrors = [err251];
                  } else {
                    vErrors.push(err251);
                  }
                  errors++;
                }
                if (data123.name !== void 0) {
                  let data124 = data123.name;
                  if (typeof data124 === "string") {
                    if (func2(data124) > 253) {
                      const err252 = { instancePath: instancePath + "/status/rollout/configRef/name", schemaPath: "#/properties/status/properties/rollout/properties/configRef/properties/name/maxLength", keyword: "maxLength", params: { limit: 253 }, message: "must NOT have more than 253 characters" };
                      if (vErrors === null) {
                        vErrors = [err252];
                      } else {
                        vErrors.push(err252);
                      }
                      errors++;
                    }
                  } else {
                    const err253 = { instancePath: instancePath + "/status/rollout/configRef/name", schemaPath: "#/properties/status/properties/rollout/properties/configRef/properties/name/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err253];
                    } else {
                      vErrors.push(err253);
                    }
                    errors++;
                  }
                }
              } else {
                const err254 = { instancePath: instancePath + "/status/rollout/configRef", schemaPath: "#/properties/status/properties/rollout/properties/configRef/type", keyword: "type", params: { type: "object" }, message: "must be object" };
                if (vErrors === null) {
                  vErrors = [err254];
                } else {
                  vErrors.push(err254);
                }
                errors++;
              }
            }
            if (data120.changing !== void 0) {
              let data125 = data120.changing;
              if (Array.isArray(data125)) {
                if (data125.length > 10) {
                  const err255 = { instancePath: instancePath + "/status/rollout/changing", schemaPath: "#/properties/status/properties/rollout/properties/changing/maxItems", keyword: "maxItems", params: { limit: 10 }, message: "must NOT have more than 10 items" };
                  if (vErrors === null) {
                    vErrors = [err255];
                  } else {
                    vErrors.push(err255);
                  }
                  errors++;
                }
                const len10 = data125.length;
                for (let i10 = 0; i10 < len10; i10++) {
                  let data126 = data125[i10];
                  if (typeof data126 === "string") {
                    if (func2(data126) > 253) {
                      const err256 = { instancePath: instancePath + "/status/rollout/changing/" + i10, schemaPath: "#/properties/status/properties/rollout/properties/changing/items/maxLength", keyword: "maxLength", params: { limit: 253 }, message: "must NOT have more than 253 characters" };
                      if (vErrors === null) {
                        vErrors = [err256];
                      } else {
                        vErrors.push(err256);
                      }
                      errors++;
                    }
                  } else {
                    const err257 = { instancePath: instancePath + "/status/rollout/changing/" + i10, schemaPath: "#/properties/status/properties/rollout/properties/changing/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err257];
                    } else {
                      vErrors.push(err257);
                    }
                    errors++;
                  }
                }
              } else {
                const err258 = { instancePath: instancePath + "/status/rollout/changing", schemaPath: "#/properties/status/properties/rollout/properties/changing/type", keyword: "type", params: { type: "array" }, message: "must be array" };
                if (vErrors === null) {
                  vErrors = [err258];
                } else {
                  vErrors.push(err258);
                }
                errors++;
              }
            }
            if (data120.waiting !== void 0) {
              let data127 = data120.waiting;
              if (data127 && typeof data127 == "object" && !Array.isArray(data127)) {
                if (data127.count !== void 0) {
                  let data128 = data127.count;
                  if (!(typeof data128 == "number" && (!(data128 % 1) && !isNaN(data128)))) {
                    const err259 = { instancePath: instancePath + "/status/rollout/waiting/count", schemaPath: "#/properties/status/properties/rollout/properties/waiting/properties/count/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                    if (vErrors === null) {
                      vErrors = [err259];
                    } else {
                      vErrors.push(err259);
                    }
                    errors++;
                  }
                }
                if (data127.first !== void 0) {
                  let data129 = data127.first;
                  if (Array.isArray(data129)) {
                    if (data129.length > 10) {
                      const err260 = { instancePath: instancePath + "/status/rollout/waiting/first", schemaPath: "#/properties/status/properties/rollout/properties/waiting/properties/first/maxItems", keyword: "maxItems", params: { limit: 10 }, message: "must NOT have more than 10 items" };
                      if (vErrors === null) {
                        vErrors = [err260];
                      } else {
                        vErrors.push(err260);
                      }
                      errors++;
                    }
                    const len11 = data129.length;
                    for (let i11 = 0; i11 < len11; i11++) {
                      let data130 = data129[i11];
                      if (typeof data130 === "string") {
                        if (func2(data130) > 253) {
                          const err261 = { instancePath: instancePath + "/status/rollout/waiting/first/" + i11, schemaPath: "#/properties/status/properties/rollout/properties/waiting/properties/first/items/maxLength", keyword: "maxLength", params: { limit: 253 }, message: "must NOT have more than 253 characters" };
                          if (vErrors === null) {
                            vErrors = [err261];
                          } else {
                            vErrors.push(err261);
                          }
                          errors++;
                        }
                      } else {
                        const err262 = { instancePath: instancePath + "/status/rollout/waiting/first/" + i11, schemaPath: "#/properties/status/properties/rollout/properties/waiting/properties/first/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                        if (vErrors === null) {
                          vErrors = [err262];
                        } else {
                          vErrors.push(err262);
                        }
                        errors++;
                      }
                    }
                  } else {
                    const err263 = { instancePath: instancePath + "/status/rollout/waiting/first", schemaPath: "#/properties/status/properties/rollout/properties/waiting/properties/first/type", keyword: "type", params: { type: "array" }, message: "must be array" };
                    if (vErrors === null) {
                      vErrors = [err263];
                    } else {
                      vErrors.push(err263);
                    }
                    errors++;
                  }
                }
              } else {
                const err264 = { instancePath: instancePath + "/status/rollout/waiting", schemaPath: "#/properties/status/properties/rollout/properties/waiting/type", keyword: "type", params: { type: "object" }, message: "must be object" };
                if (vErrors === null) {
                  vErrors = [err264];
                } else {
                  vErrors.push(err264);
                }
                errors++;
              }
            }
            if (data120.failed !== void 0) {
              let data131 = data120.failed;
              if (Array.isArray(data131)) {
                if (data131.length > 10) {
                  const err265 = { instancePath: instancePath + "/status/rollout/failed", schemaPath: "#/properties/status/properties/rollout/properties/failed/maxItems", keyword: "maxItems", params: { limit: 10 }, message: "must NOT have more than 10 items" };
                  if (vErrors === null) {
                    vErrors = [err265];
                  } else {
                    vErrors.push(err265);
                  }
                  errors++;
                }
                const len12 = data131.length;
                for (let i12 = 0; i12 < len12; i12++) {
                  let data132 = data131[i12];
                  if (typeof data132 === "string") {
                    if (func2(data132) > 253) {
                      const err266 = { instancePath: instancePath + "/status/rollout/failed/" + i12, schemaPath: "#/properties/status/properties/rollout/properties/failed/items/maxLength", keyword: "maxLength", params: { limit: 253 }, message: "must NOT have more than 253 characters" };
                      if (vErrors === null) {
                        vErrors = [err266];
                      } else {
                        vErrors.push(err266);
                      }
                      errors++;
                    }
                  } else {
                    const err267 = { instancePath: instancePath + "/status/rollout/failed/" + i12, schemaPath: "#/properties/status/properties/rollout/properties/failed/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err267];
                    } else {
                      vErrors.push(err267);
                    }
                    errors++;
                  }
                }
              } else {
                const err268 = { instancePath: instancePath + "/status/rollout/failed", schemaPath: "#/properties/status/properties/rollout/properties/failed/type", keyword: "type", params: { type: "array" }, message: "must be array" };
                if (vErrors === null) {
                  vErrors = [err268];
                } else {
                  vErrors.push(err268);
                }
                errors++;
              }
            }
          } else {
            const err269 = { instancePath: instancePath + "/status/rollout", schemaPath: "#/properties/status/properties/rollout/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err269];
            } else {
              vErrors.push(err269);
            }
            errors++;
          }
        }
        if (data95.apiServer !== void 0) {
          let data133 = data95.apiServer;
          if (data133 && typeof data133 == "object" && !Array.isArray(data133)) {
            if (data133.endpoints !== void 0) {
              let data134 = data133.endpoints;
              if (Array.isArray(data134)) {
                if (data134.length > 16) {
                  const err270 = { instancePath: instancePath + "/status/apiServer/endpoints", schemaPath: "#/properties/status/properties/apiServer/properties/endpoints/maxItems", keyword: "maxItems", params: { limit: 16 }, message: "must NOT have more than 16 items" };
                  if (vErrors === null) {
                    vErrors = [err270];
                  } else {
                    vErrors.push(err270);
                  }
                  errors++;
                }
                const len13 = data134.length;
                for (let i13 = 0; i13 < len13; i13++) {
                  let data135 = data134[i13];
                  if (typeof data135 === "string") {
                    if (func2(data135) > 262) {
                      const err271 = { instancePath: instancePath + "/status/apiServer/endpoints/" + i13, schemaPath: "#/properties/status/properties/apiServer/properties/endpoints/items/maxLength", keyword: "maxLength", params: { limit: 262 }, message: "must NOT have more than 262 characters" };
                      if (vErrors === null) {
                        vErrors = [err271];
                      } else {
                        vErrors.push(err271);
                      }
                      errors++;
                    }
                  } else {
                    const err272 = { instancePath: instancePath + "/status/apiServer/endpoints/" + i13, schemaPath: "#/properties/status/properties/apiServer/properties/endpoints/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err272];
                    } else {
                      vErrors.push(err272);
                    }
                    errors++;
                  }
                }
              } else {
                const err273 = { instancePath: instancePath + "/status/apiServer/endpoints", schemaPath: "#/properties/status/properties/apiServer/properties/endpoints/type", keyword: "type", params: { type: "array" }, message: "must be array" };
                if (vErrors === null) {
                  vErrors = [err273];
                } else {
                  vErrors.push(err273);
                }
                errors++;
              }
            }
            if (data133.source !== void 0) {
              let data136 = data133.source;
              if (typeof data136 !== "string") {
                const err274 = { instancePath: instancePath + "/status/apiServer/source", schemaPath: "#/properties/status/properties/apiServer/properties/source/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err274];
                } else {
                  vErrors.push(err274);
                }
                errors++;
              }
              if (!(data136 === "ConfigMap" || data136 === "KubeProxyConfig" || data136 === "ClusterInfo" || data136 === "EndpointSlice")) {
                const err275 = { instancePath: instancePath + "/status/apiServer/source", schemaPath: "#/properties/status/properties/apiServer/properties/source/enum", keyword: "enum", params: { allowedValues: schema11.properties.status.properties.apiServer.properties.source.enum }, message: "must be equal to one of the allowed values" };
                if (vErrors === null) {
                  vErrors = [err275];
                } else {
                  vErrors.push(err275);
                }
                errors++;
              }
            }
          } else {
            const err276 = { instancePath: instancePath + "/status/apiServer", schemaPath: "#/properties/status/properties/apiServer/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err276];
            } else {
              vErrors.push(err276);
            }
            errors++;
          }
        }
        if (data95.kubeProxy !== void 0) {
          let data137 = data95.kubeProxy;
          if (data137 && typeof data137 == "object" && !Array.isArray(data137)) {
            if (data137.state !== void 0) {
              let data138 = data137.state;
              if (typeof data138 !== "string") {
                const err277 = { instancePath: instancePath + "/status/kubeProxy/state", schemaPath: "#/properties/status/properties/kubeProxy/properties/state/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err277];
                } else {
                  vErrors.push(err277);
                }
                errors++;
              }
              if (!(data138 === "Running" || data138 === "PartlyParked" || data138 === "Parked" || data138 === "Absent" || data138 === "Unmanaged" || data138 === "Contested" || data138 === "Unknown")) {
                const err278 = { instancePath: instancePath + "/status/kubeProxy/state", schemaPath: "#/properties/status/properties/kubeProxy/properties/state/enum", keyword: "enum", params: { allowedValues: schema11.properties.status.properties.kubeProxy.properties.state.enum }, message: "must be equal to one of the allowed values" };
                if (vErrors === null) {
                  vErrors = [err278];
                } else {
                  vErrors.push(err278);
                }
                errors++;
              }
            }
            if (data137.message !== void 0) {
              let data139 = data137.message;
              if (typeof data139 === "string") {
                if (func2(data139) > 4096) {
                  const err279 = { instancePath: instancePath + "/status/kubeProxy/message", schemaPath: "#/properties/status/properties/kubeProxy/properties/message/maxLength", keyword: "maxLength", params: { limit: 4096 }, message: "must NOT have more than 4096 characters" };
                  if (vErrors === null) {
                    vErrors = [err279];
                  } else {
                    vErrors.push(err279);
                  }
                  errors++;
                }
              } else {
                const err280 = { instancePath: instancePath + "/status/kubeProxy/message", schemaPath: "#/properties/status/properties/kubeProxy/properties/message/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err280];
                } else {
                  vErrors.push(err280);
                }
                errors++;
              }
            }
          } else {
            const err281 = { instancePath: instancePath + "/status/kubeProxy", schemaPath: "#/properties/status/properties/kubeProxy/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err281];
            } else {
              vErrors.push(err281);
            }
            errors++;
          }
        }
      } else {
        const err282 = { instancePath: instancePath + "/status", schemaPath: "#/properties/status/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err282];
        } else {
          vErrors.push(err282);
        }
        errors++;
      }
    }
  } else {
    const err283 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err283];
    } else {
      vErrors.push(err283);
    }
    errors++;
  }
  validate10.errors = vErrors;
  return errors === 0;
}
export {
  stdin_default as default,
  validate
};
