// Generated from crds/schemas/agent-config.yaml by tools/codegen/crd-types.ts: edit that, then `make codegen`.
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
var schema11 = { "$schema": "http://json-schema.org/draft-07/schema#", "title": "AgentConfig", "type": "object", "required": ["formatVersion", "externalServiceMode", "dsrOptoutCIDRs", "connectTimeLoadBalancing", "excludeCIDRsFromNAT", "nodePortAddresses", "kubeProxy", "network", "policy", "bpf", "logLevel", "bpfLogLevel", "metricsPort"], "properties": { "formatVersion": { "const": 1 }, "externalServiceMode": { "enum": ["Tunnel", "DSR"] }, "dsrOptoutCIDRs": { "type": "array", "items": { "type": "string" } }, "connectTimeLoadBalancing": { "enum": ["TCP", "Disabled"] }, "excludeCIDRsFromNAT": { "type": "array", "items": { "type": "string" } }, "nodePortAddresses": { "type": "array", "items": { "type": "string" } }, "kubeProxy": { "type": "object", "required": ["namespace", "name", "management", "iptablesCleanup"], "properties": { "namespace": { "type": "string", "minLength": 1 }, "name": { "type": "string", "minLength": 1 }, "management": { "enum": ["Enabled", "Disabled"] }, "iptablesCleanup": { "type": "boolean" } } }, "network": { "type": "object", "required": ["cni", "encapsulation", "natOutgoing", "mtu", "podCIDRs"], "properties": { "cni": { "enum": ["Margay", "Chained", "None"] }, "encapsulation": { "enum": ["None", "VXLANCrossSubnet", "VXLAN"] }, "natOutgoing": { "type": "boolean" }, "mtu": { "type": "integer", "minimum": 0, "maximum": 65535 }, "podCIDRs": { "type": "array", "items": { "type": "string" } } } }, "policy": { "type": "object", "required": ["endpointToHostAction", "reversePathCheck"], "properties": { "endpointToHostAction": { "enum": ["Accept", "Drop", "Return"] }, "reversePathCheck": { "enum": ["Strict", "Loose", "Disabled"] } } }, "bpf": { "type": "object", "required": ["conntrackEntries", "serviceEntries", "markBit", "drainTimeoutMs", "timeoutsMs"], "properties": { "conntrackEntries": { "type": "integer", "minimum": 16384, "maximum": 16777216 }, "serviceEntries": { "type": "integer", "minimum": 1024, "maximum": 1048576 }, "markBit": { "type": "integer", "minimum": 0, "maximum": 31 }, "drainTimeoutMs": { "type": "integer", "minimum": 0 }, "timeoutsMs": { "type": "object", "required": ["tcpSyn", "tcpEstablished", "tcpClosing", "tcpReset", "udp", "udpStream", "icmp", "generic"], "properties": { "tcpSyn": { "type": "integer", "minimum": 1e3 }, "tcpEstablished": { "type": "integer", "minimum": 1e3 }, "tcpClosing": { "type": "integer", "minimum": 1e3 }, "tcpReset": { "type": "integer", "minimum": 1e3 }, "udp": { "type": "integer", "minimum": 1e3 }, "udpStream": { "type": "integer", "minimum": 1e3 }, "icmp": { "type": "integer", "minimum": 1e3 }, "generic": { "type": "integer", "minimum": 1e3 } } } } }, "logLevel": { "enum": ["Error", "Warn", "Info", "Debug"] }, "bpfLogLevel": { "enum": ["Disabled", "Info", "Debug"] }, "metricsPort": { "type": "integer", "minimum": 1024, "maximum": 65535 } } };
var func2 = require_ucs2length().default;
function validate10(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.formatVersion === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "formatVersion" }, message: "must have required property 'formatVersion'" };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (data.externalServiceMode === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "externalServiceMode" }, message: "must have required property 'externalServiceMode'" };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
    if (data.dsrOptoutCIDRs === void 0) {
      const err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "dsrOptoutCIDRs" }, message: "must have required property 'dsrOptoutCIDRs'" };
      if (vErrors === null) {
        vErrors = [err2];
      } else {
        vErrors.push(err2);
      }
      errors++;
    }
    if (data.connectTimeLoadBalancing === void 0) {
      const err3 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "connectTimeLoadBalancing" }, message: "must have required property 'connectTimeLoadBalancing'" };
      if (vErrors === null) {
        vErrors = [err3];
      } else {
        vErrors.push(err3);
      }
      errors++;
    }
    if (data.excludeCIDRsFromNAT === void 0) {
      const err4 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "excludeCIDRsFromNAT" }, message: "must have required property 'excludeCIDRsFromNAT'" };
      if (vErrors === null) {
        vErrors = [err4];
      } else {
        vErrors.push(err4);
      }
      errors++;
    }
    if (data.nodePortAddresses === void 0) {
      const err5 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "nodePortAddresses" }, message: "must have required property 'nodePortAddresses'" };
      if (vErrors === null) {
        vErrors = [err5];
      } else {
        vErrors.push(err5);
      }
      errors++;
    }
    if (data.kubeProxy === void 0) {
      const err6 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "kubeProxy" }, message: "must have required property 'kubeProxy'" };
      if (vErrors === null) {
        vErrors = [err6];
      } else {
        vErrors.push(err6);
      }
      errors++;
    }
    if (data.network === void 0) {
      const err7 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "network" }, message: "must have required property 'network'" };
      if (vErrors === null) {
        vErrors = [err7];
      } else {
        vErrors.push(err7);
      }
      errors++;
    }
    if (data.policy === void 0) {
      const err8 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "policy" }, message: "must have required property 'policy'" };
      if (vErrors === null) {
        vErrors = [err8];
      } else {
        vErrors.push(err8);
      }
      errors++;
    }
    if (data.bpf === void 0) {
      const err9 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "bpf" }, message: "must have required property 'bpf'" };
      if (vErrors === null) {
        vErrors = [err9];
      } else {
        vErrors.push(err9);
      }
      errors++;
    }
    if (data.logLevel === void 0) {
      const err10 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "logLevel" }, message: "must have required property 'logLevel'" };
      if (vErrors === null) {
        vErrors = [err10];
      } else {
        vErrors.push(err10);
      }
      errors++;
    }
    if (data.bpfLogLevel === void 0) {
      const err11 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "bpfLogLevel" }, message: "must have required property 'bpfLogLevel'" };
      if (vErrors === null) {
        vErrors = [err11];
      } else {
        vErrors.push(err11);
      }
      errors++;
    }
    if (data.metricsPort === void 0) {
      const err12 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "metricsPort" }, message: "must have required property 'metricsPort'" };
      if (vErrors === null) {
        vErrors = [err12];
      } else {
        vErrors.push(err12);
      }
      errors++;
    }
    if (data.formatVersion !== void 0) {
      if (1 !== data.formatVersion) {
        const err13 = { instancePath: instancePath + "/formatVersion", schemaPath: "#/properties/formatVersion/const", keyword: "const", params: { allowedValue: 1 }, message: "must be equal to constant" };
        if (vErrors === null) {
          vErrors = [err13];
        } else {
          vErrors.push(err13);
        }
        errors++;
      }
    }
    if (data.externalServiceMode !== void 0) {
      let data1 = data.externalServiceMode;
      if (!(data1 === "Tunnel" || data1 === "DSR")) {
        const err14 = { instancePath: instancePath + "/externalServiceMode", schemaPath: "#/properties/externalServiceMode/enum", keyword: "enum", params: { allowedValues: schema11.properties.externalServiceMode.enum }, message: "must be equal to one of the allowed values" };
        if (vErrors === null) {
          vErrors = [err14];
        } else {
          vErrors.push(err14);
        }
        errors++;
      }
    }
    if (data.dsrOptoutCIDRs !== void 0) {
      let data2 = data.dsrOptoutCIDRs;
      if (Array.isArray(data2)) {
        const len0 = data2.length;
        for (let i0 = 0; i0 < len0; i0++) {
          if (typeof data2[i0] !== "string") {
            const err15 = { instancePath: instancePath + "/dsrOptoutCIDRs/" + i0, schemaPath: "#/properties/dsrOptoutCIDRs/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err15];
            } else {
              vErrors.push(err15);
            }
            errors++;
          }
        }
      } else {
        const err16 = { instancePath: instancePath + "/dsrOptoutCIDRs", schemaPath: "#/properties/dsrOptoutCIDRs/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err16];
        } else {
          vErrors.push(err16);
        }
        errors++;
      }
    }
    if (data.connectTimeLoadBalancing !== void 0) {
      let data4 = data.connectTimeLoadBalancing;
      if (!(data4 === "TCP" || data4 === "Disabled")) {
        const err17 = { instancePath: instancePath + "/connectTimeLoadBalancing", schemaPath: "#/properties/connectTimeLoadBalancing/enum", keyword: "enum", params: { allowedValues: schema11.properties.connectTimeLoadBalancing.enum }, message: "must be equal to one of the allowed values" };
        if (vErrors === null) {
          vErrors = [err17];
        } else {
          vErrors.push(err17);
        }
        errors++;
      }
    }
    if (data.excludeCIDRsFromNAT !== void 0) {
      let data5 = data.excludeCIDRsFromNAT;
      if (Array.isArray(data5)) {
        const len1 = data5.length;
        for (let i1 = 0; i1 < len1; i1++) {
          if (typeof data5[i1] !== "string") {
            const err18 = { instancePath: instancePath + "/excludeCIDRsFromNAT/" + i1, schemaPath: "#/properties/excludeCIDRsFromNAT/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err18];
            } else {
              vErrors.push(err18);
            }
            errors++;
          }
        }
      } else {
        const err19 = { instancePath: instancePath + "/excludeCIDRsFromNAT", schemaPath: "#/properties/excludeCIDRsFromNAT/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err19];
        } else {
          vErrors.push(err19);
        }
        errors++;
      }
    }
    if (data.nodePortAddresses !== void 0) {
      let data7 = data.nodePortAddresses;
      if (Array.isArray(data7)) {
        const len2 = data7.length;
        for (let i2 = 0; i2 < len2; i2++) {
          if (typeof data7[i2] !== "string") {
            const err20 = { instancePath: instancePath + "/nodePortAddresses/" + i2, schemaPath: "#/properties/nodePortAddresses/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err20];
            } else {
              vErrors.push(err20);
            }
            errors++;
          }
        }
      } else {
        const err21 = { instancePath: instancePath + "/nodePortAddresses", schemaPath: "#/properties/nodePortAddresses/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err21];
        } else {
          vErrors.push(err21);
        }
        errors++;
      }
    }
    if (data.kubeProxy !== void 0) {
      let data9 = data.kubeProxy;
      if (data9 && typeof data9 == "object" && !Array.isArray(data9)) {
        if (data9.namespace === void 0) {
          const err22 = { instancePath: instancePath + "/kubeProxy", schemaPath: "#/properties/kubeProxy/required", keyword: "required", params: { missingProperty: "namespace" }, message: "must have required property 'namespace'" };
          if (vErrors === null) {
            vErrors = [err22];
          } else {
            vErrors.push(err22);
          }
          errors++;
        }
        if (data9.name === void 0) {
          const err23 = { instancePath: instancePath + "/kubeProxy", schemaPath: "#/properties/kubeProxy/required", keyword: "required", params: { missingProperty: "name" }, message: "must have required property 'name'" };
          if (vErrors === null) {
            vErrors = [err23];
          } else {
            vErrors.push(err23);
          }
          errors++;
        }
        if (data9.management === void 0) {
          const err24 = { instancePath: instancePath + "/kubeProxy", schemaPath: "#/properties/kubeProxy/required", keyword: "required", params: { missingProperty: "management" }, message: "must have required property 'management'" };
          if (vErrors === null) {
            vErrors = [err24];
          } else {
            vErrors.push(err24);
          }
          errors++;
        }
        if (data9.iptablesCleanup === void 0) {
          const err25 = { instancePath: instancePath + "/kubeProxy", schemaPath: "#/properties/kubeProxy/required", keyword: "required", params: { missingProperty: "iptablesCleanup" }, message: "must have required property 'iptablesCleanup'" };
          if (vErrors === null) {
            vErrors = [err25];
          } else {
            vErrors.push(err25);
          }
          errors++;
        }
        if (data9.namespace !== void 0) {
          let data10 = data9.namespace;
          if (typeof data10 === "string") {
            if (func2(data10) < 1) {
              const err26 = { instancePath: instancePath + "/kubeProxy/namespace", schemaPath: "#/properties/kubeProxy/properties/namespace/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
              if (vErrors === null) {
                vErrors = [err26];
              } else {
                vErrors.push(err26);
              }
              errors++;
            }
          } else {
            const err27 = { instancePath: instancePath + "/kubeProxy/namespace", schemaPath: "#/properties/kubeProxy/properties/namespace/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err27];
            } else {
              vErrors.push(err27);
            }
            errors++;
          }
        }
        if (data9.name !== void 0) {
          let data11 = data9.name;
          if (typeof data11 === "string") {
            if (func2(data11) < 1) {
              const err28 = { instancePath: instancePath + "/kubeProxy/name", schemaPath: "#/properties/kubeProxy/properties/name/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
              if (vErrors === null) {
                vErrors = [err28];
              } else {
                vErrors.push(err28);
              }
              errors++;
            }
          } else {
            const err29 = { instancePath: instancePath + "/kubeProxy/name", schemaPath: "#/properties/kubeProxy/properties/name/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err29];
            } else {
              vErrors.push(err29);
            }
            errors++;
          }
        }
        if (data9.management !== void 0) {
          let data12 = data9.management;
          if (!(data12 === "Enabled" || data12 === "Disabled")) {
            const err30 = { instancePath: instancePath + "/kubeProxy/management", schemaPath: "#/properties/kubeProxy/properties/management/enum", keyword: "enum", params: { allowedValues: schema11.properties.kubeProxy.properties.management.enum }, message: "must be equal to one of the allowed values" };
            if (vErrors === null) {
              vErrors = [err30];
            } else {
              vErrors.push(err30);
            }
            errors++;
          }
        }
        if (data9.iptablesCleanup !== void 0) {
          if (typeof data9.iptablesCleanup !== "boolean") {
            const err31 = { instancePath: instancePath + "/kubeProxy/iptablesCleanup", schemaPath: "#/properties/kubeProxy/properties/iptablesCleanup/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean" };
            if (vErrors === null) {
              vErrors = [err31];
            } else {
              vErrors.push(err31);
            }
            errors++;
          }
        }
      } else {
        const err32 = { instancePath: instancePath + "/kubeProxy", schemaPath: "#/properties/kubeProxy/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err32];
        } else {
          vErrors.push(err32);
        }
        errors++;
      }
    }
    if (data.network !== void 0) {
      let data14 = data.network;
      if (data14 && typeof data14 == "object" && !Array.isArray(data14)) {
        if (data14.cni === void 0) {
          const err33 = { instancePath: instancePath + "/network", schemaPath: "#/properties/network/required", keyword: "required", params: { missingProperty: "cni" }, message: "must have required property 'cni'" };
          if (vErrors === null) {
            vErrors = [err33];
          } else {
            vErrors.push(err33);
          }
          errors++;
        }
        if (data14.encapsulation === void 0) {
          const err34 = { instancePath: instancePath + "/network", schemaPath: "#/properties/network/required", keyword: "required", params: { missingProperty: "encapsulation" }, message: "must have required property 'encapsulation'" };
          if (vErrors === null) {
            vErrors = [err34];
          } else {
            vErrors.push(err34);
          }
          errors++;
        }
        if (data14.natOutgoing === void 0) {
          const err35 = { instancePath: instancePath + "/network", schemaPath: "#/properties/network/required", keyword: "required", params: { missingProperty: "natOutgoing" }, message: "must have required property 'natOutgoing'" };
          if (vErrors === null) {
            vErrors = [err35];
          } else {
            vErrors.push(err35);
          }
          errors++;
        }
        if (data14.mtu === void 0) {
          const err36 = { instancePath: instancePath + "/network", schemaPath: "#/properties/network/required", keyword: "required", params: { missingProperty: "mtu" }, message: "must have required property 'mtu'" };
          if (vErrors === null) {
            vErrors = [err36];
          } else {
            vErrors.push(err36);
          }
          errors++;
        }
        if (data14.podCIDRs === void 0) {
          const err37 = { instancePath: instancePath + "/network", schemaPath: "#/properties/network/required", keyword: "required", params: { missingProperty: "podCIDRs" }, message: "must have required property 'podCIDRs'" };
          if (vErrors === null) {
            vErrors = [err37];
          } else {
            vErrors.push(err37);
          }
          errors++;
        }
        if (data14.cni !== void 0) {
          let data15 = data14.cni;
          if (!(data15 === "Margay" || data15 === "Chained" || data15 === "None")) {
            const err38 = { instancePath: instancePath + "/network/cni", schemaPath: "#/properties/network/properties/cni/enum", keyword: "enum", params: { allowedValues: schema11.properties.network.properties.cni.enum }, message: "must be equal to one of the allowed values" };
            if (vErrors === null) {
              vErrors = [err38];
            } else {
              vErrors.push(err38);
            }
            errors++;
          }
        }
        if (data14.encapsulation !== void 0) {
          let data16 = data14.encapsulation;
          if (!(data16 === "None" || data16 === "VXLANCrossSubnet" || data16 === "VXLAN")) {
            const err39 = { instancePath: instancePath + "/network/encapsulation", schemaPath: "#/properties/network/properties/encapsulation/enum", keyword: "enum", params: { allowedValues: schema11.properties.network.properties.encapsulation.enum }, message: "must be equal to one of the allowed values" };
            if (vErrors === null) {
              vErrors = [err39];
            } else {
              vErrors.push(err39);
            }
            errors++;
          }
        }
        if (data14.natOutgoing !== void 0) {
          if (typeof data14.natOutgoing !== "boolean") {
            const err40 = { instancePath: instancePath + "/network/natOutgoing", schemaPath: "#/properties/network/properties/natOutgoing/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean" };
            if (vErrors === null) {
              vErrors = [err40];
            } else {
              vErrors.push(err40);
            }
            errors++;
          }
        }
        if (data14.mtu !== void 0) {
          let data18 = data14.mtu;
          if (!(typeof data18 == "number" && (!(data18 % 1) && !isNaN(data18)))) {
            const err41 = { instancePath: instancePath + "/network/mtu", schemaPath: "#/properties/network/properties/mtu/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
            if (vErrors === null) {
              vErrors = [err41];
            } else {
              vErrors.push(err41);
            }
            errors++;
          }
          if (typeof data18 == "number") {
            if (data18 > 65535 || isNaN(data18)) {
              const err42 = { instancePath: instancePath + "/network/mtu", schemaPath: "#/properties/network/properties/mtu/maximum", keyword: "maximum", params: { comparison: "<=", limit: 65535 }, message: "must be <= 65535" };
              if (vErrors === null) {
                vErrors = [err42];
              } else {
                vErrors.push(err42);
              }
              errors++;
            }
            if (data18 < 0 || isNaN(data18)) {
              const err43 = { instancePath: instancePath + "/network/mtu", schemaPath: "#/properties/network/properties/mtu/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
              if (vErrors === null) {
                vErrors = [err43];
              } else {
                vErrors.push(err43);
              }
              errors++;
            }
          }
        }
        if (data14.podCIDRs !== void 0) {
          let data19 = data14.podCIDRs;
          if (Array.isArray(data19)) {
            const len3 = data19.length;
            for (let i3 = 0; i3 < len3; i3++) {
              if (typeof data19[i3] !== "string") {
                const err44 = { instancePath: instancePath + "/network/podCIDRs/" + i3, schemaPath: "#/properties/network/properties/podCIDRs/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err44];
                } else {
                  vErrors.push(err44);
                }
                errors++;
              }
            }
          } else {
            const err45 = { instancePath: instancePath + "/network/podCIDRs", schemaPath: "#/properties/network/properties/podCIDRs/type", keyword: "type", params: { type: "array" }, message: "must be array" };
            if (vErrors === null) {
              vErrors = [err45];
            } else {
              vErrors.push(err45);
            }
            errors++;
          }
        }
      } else {
        const err46 = { instancePath: instancePath + "/network", schemaPath: "#/properties/network/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err46];
        } else {
          vErrors.push(err46);
        }
        errors++;
      }
    }
    if (data.policy !== void 0) {
      let data21 = data.policy;
      if (data21 && typeof data21 == "object" && !Array.isArray(data21)) {
        if (data21.endpointToHostAction === void 0) {
          const err47 = { instancePath: instancePath + "/policy", schemaPath: "#/properties/policy/required", keyword: "required", params: { missingProperty: "endpointToHostAction" }, message: "must have required property 'endpointToHostAction'" };
          if (vErrors === null) {
            vErrors = [err47];
          } else {
            vErrors.push(err47);
          }
          errors++;
        }
        if (data21.reversePathCheck === void 0) {
          const err48 = { instancePath: instancePath + "/policy", schemaPath: "#/properties/policy/required", keyword: "required", params: { missingProperty: "reversePathCheck" }, message: "must have required property 'reversePathCheck'" };
          if (vErrors === null) {
            vErrors = [err48];
          } else {
            vErrors.push(err48);
          }
          errors++;
        }
        if (data21.endpointToHostAction !== void 0) {
          let data22 = data21.endpointToHostAction;
          if (!(data22 === "Accept" || data22 === "Drop" || data22 === "Return")) {
            const err49 = { instancePath: instancePath + "/policy/endpointToHostAction", schemaPath: "#/properties/policy/properties/endpointToHostAction/enum", keyword: "enum", params: { allowedValues: schema11.properties.policy.properties.endpointToHostAction.enum }, message: "must be equal to one of the allowed values" };
            if (vErrors === null) {
              vErrors = [err49];
            } else {
              vErrors.push(err49);
            }
            errors++;
          }
        }
        if (data21.reversePathCheck !== void 0) {
          let data23 = data21.reversePathCheck;
          if (!(data23 === "Strict" || data23 === "Loose" || data23 === "Disabled")) {
            const err50 = { instancePath: instancePath + "/policy/reversePathCheck", schemaPath: "#/properties/policy/properties/reversePathCheck/enum", keyword: "enum", params: { allowedValues: schema11.properties.policy.properties.reversePathCheck.enum }, message: "must be equal to one of the allowed values" };
            if (vErrors === null) {
              vErrors = [err50];
            } else {
              vErrors.push(err50);
            }
            errors++;
          }
        }
      } else {
        const err51 = { instancePath: instancePath + "/policy", schemaPath: "#/properties/policy/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err51];
        } else {
          vErrors.push(err51);
        }
        errors++;
      }
    }
    if (data.bpf !== void 0) {
      let data24 = data.bpf;
      if (data24 && typeof data24 == "object" && !Array.isArray(data24)) {
        if (data24.conntrackEntries === void 0) {
          const err52 = { instancePath: instancePath + "/bpf", schemaPath: "#/properties/bpf/required", keyword: "required", params: { missingProperty: "conntrackEntries" }, message: "must have required property 'conntrackEntries'" };
          if (vErrors === null) {
            vErrors = [err52];
          } else {
            vErrors.push(err52);
          }
          errors++;
        }
        if (data24.serviceEntries === void 0) {
          const err53 = { instancePath: instancePath + "/bpf", schemaPath: "#/properties/bpf/required", keyword: "required", params: { missingProperty: "serviceEntries" }, message: "must have required property 'serviceEntries'" };
          if (vErrors === null) {
            vErrors = [err53];
          } else {
            vErrors.push(err53);
          }
          errors++;
        }
        if (data24.markBit === void 0) {
          const err54 = { instancePath: instancePath + "/bpf", schemaPath: "#/properties/bpf/required", keyword: "required", params: { missingProperty: "markBit" }, message: "must have required property 'markBit'" };
          if (vErrors === null) {
            vErrors = [err54];
          } else {
            vErrors.push(err54);
          }
          errors++;
        }
        if (data24.drainTimeoutMs === void 0) {
          const err55 = { instancePath: instancePath + "/bpf", schemaPath: "#/properties/bpf/required", keyword: "required", params: { missingProperty: "drainTimeoutMs" }, message: "must have required property 'drainTimeoutMs'" };
          if (vErrors === null) {
            vErrors = [err55];
          } else {
            vErrors.push(err55);
          }
          errors++;
        }
        if (data24.timeoutsMs === void 0) {
          const err56 = { instancePath: instancePath + "/bpf", schemaPath: "#/properties/bpf/required", keyword: "required", params: { missingProperty: "timeoutsMs" }, message: "must have required property 'timeoutsMs'" };
          if (vErrors === null) {
            vErrors = [err56];
          } else {
            vErrors.push(err56);
          }
          errors++;
        }
        if (data24.conntrackEntries !== void 0) {
          let data25 = data24.conntrackEntries;
          if (!(typeof data25 == "number" && (!(data25 % 1) && !isNaN(data25)))) {
            const err57 = { instancePath: instancePath + "/bpf/conntrackEntries", schemaPath: "#/properties/bpf/properties/conntrackEntries/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
            if (vErrors === null) {
              vErrors = [err57];
            } else {
              vErrors.push(err57);
            }
            errors++;
          }
          if (typeof data25 == "number") {
            if (data25 > 16777216 || isNaN(data25)) {
              const err58 = { instancePath: instancePath + "/bpf/conntrackEntries", schemaPath: "#/properties/bpf/properties/conntrackEntries/maximum", keyword: "maximum", params: { comparison: "<=", limit: 16777216 }, message: "must be <= 16777216" };
              if (vErrors === null) {
                vErrors = [err58];
              } else {
                vErrors.push(err58);
              }
              errors++;
            }
            if (data25 < 16384 || isNaN(data25)) {
              const err59 = { instancePath: instancePath + "/bpf/conntrackEntries", schemaPath: "#/properties/bpf/properties/conntrackEntries/minimum", keyword: "minimum", params: { comparison: ">=", limit: 16384 }, message: "must be >= 16384" };
              if (vErrors === null) {
                vErrors = [err59];
              } else {
                vErrors.push(err59);
              }
              errors++;
            }
          }
        }
        if (data24.serviceEntries !== void 0) {
          let data26 = data24.serviceEntries;
          if (!(typeof data26 == "number" && (!(data26 % 1) && !isNaN(data26)))) {
            const err60 = { instancePath: instancePath + "/bpf/serviceEntries", schemaPath: "#/properties/bpf/properties/serviceEntries/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
            if (vErrors === null) {
              vErrors = [err60];
            } else {
              vErrors.push(err60);
            }
            errors++;
          }
          if (typeof data26 == "number") {
            if (data26 > 1048576 || isNaN(data26)) {
              const err61 = { instancePath: instancePath + "/bpf/serviceEntries", schemaPath: "#/properties/bpf/properties/serviceEntries/maximum", keyword: "maximum", params: { comparison: "<=", limit: 1048576 }, message: "must be <= 1048576" };
              if (vErrors === null) {
                vErrors = [err61];
              } else {
                vErrors.push(err61);
              }
              errors++;
            }
            if (data26 < 1024 || isNaN(data26)) {
              const err62 = { instancePath: instancePath + "/bpf/serviceEntries", schemaPath: "#/properties/bpf/properties/serviceEntries/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1024 }, message: "must be >= 1024" };
              if (vErrors === null) {
                vErrors = [err62];
              } else {
                vErrors.push(err62);
              }
              errors++;
            }
          }
        }
        if (data24.markBit !== void 0) {
          let data27 = data24.markBit;
          if (!(typeof data27 == "number" && (!(data27 % 1) && !isNaN(data27)))) {
            const err63 = { instancePath: instancePath + "/bpf/markBit", schemaPath: "#/properties/bpf/properties/markBit/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
            if (vErrors === null) {
              vErrors = [err63];
            } else {
              vErrors.push(err63);
            }
            errors++;
          }
          if (typeof data27 == "number") {
            if (data27 > 31 || isNaN(data27)) {
              const err64 = { instancePath: instancePath + "/bpf/markBit", schemaPath: "#/properties/bpf/properties/markBit/maximum", keyword: "maximum", params: { comparison: "<=", limit: 31 }, message: "must be <= 31" };
              if (vErrors === null) {
                vErrors = [err64];
              } else {
                vErrors.push(err64);
              }
              errors++;
            }
            if (data27 < 0 || isNaN(data27)) {
              const err65 = { instancePath: instancePath + "/bpf/markBit", schemaPath: "#/properties/bpf/properties/markBit/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
              if (vErrors === null) {
                vErrors = [err65];
              } else {
                vErrors.push(err65);
              }
              errors++;
            }
          }
        }
        if (data24.drainTimeoutMs !== void 0) {
          let data28 = data24.drainTimeoutMs;
          if (!(typeof data28 == "number" && (!(data28 % 1) && !isNaN(data28)))) {
            const err66 = { instancePath: instancePath + "/bpf/drainTimeoutMs", schemaPath: "#/properties/bpf/properties/drainTimeoutMs/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
            if (vErrors === null) {
              vErrors = [err66];
            } else {
              vErrors.push(err66);
            }
            errors++;
          }
          if (typeof data28 == "number") {
            if (data28 < 0 || isNaN(data28)) {
              const err67 = { instancePath: instancePath + "/bpf/drainTimeoutMs", schemaPath: "#/properties/bpf/properties/drainTimeoutMs/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
              if (vErrors === null) {
                vErrors = [err67];
              } else {
                vErrors.push(err67);
              }
              errors++;
            }
          }
        }
        if (data24.timeoutsMs !== void 0) {
          let data29 = data24.timeoutsMs;
          if (data29 && typeof data29 == "object" && !Array.isArray(data29)) {
            if (data29.tcpSyn === void 0) {
              const err68 = { instancePath: instancePath + "/bpf/timeoutsMs", schemaPath: "#/properties/bpf/properties/timeoutsMs/required", keyword: "required", params: { missingProperty: "tcpSyn" }, message: "must have required property 'tcpSyn'" };
              if (vErrors === null) {
                vErrors = [err68];
              } else {
                vErrors.push(err68);
              }
              errors++;
            }
            if (data29.tcpEstablished === void 0) {
              const err69 = { instancePath: instancePath + "/bpf/timeoutsMs", schemaPath: "#/properties/bpf/properties/timeoutsMs/required", keyword: "required", params: { missingProperty: "tcpEstablished" }, message: "must have required property 'tcpEstablished'" };
              if (vErrors === null) {
                vErrors = [err69];
              } else {
                vErrors.push(err69);
              }
              errors++;
            }
            if (data29.tcpClosing === void 0) {
              const err70 = { instancePath: instancePath + "/bpf/timeoutsMs", schemaPath: "#/properties/bpf/properties/timeoutsMs/required", keyword: "required", params: { missingProperty: "tcpClosing" }, message: "must have required property 'tcpClosing'" };
              if (vErrors === null) {
                vErrors = [err70];
              } else {
                vErrors.push(err70);
              }
              errors++;
            }
            if (data29.tcpReset === void 0) {
              const err71 = { instancePath: instancePath + "/bpf/timeoutsMs", schemaPath: "#/properties/bpf/properties/timeoutsMs/required", keyword: "required", params: { missingProperty: "tcpReset" }, message: "must have required property 'tcpReset'" };
              if (vErrors === null) {
                vErrors = [err71];
              } else {
                vErrors.push(err71);
              }
              errors++;
            }
            if (data29.udp === void 0) {
              const err72 = { instancePath: instancePath + "/bpf/timeoutsMs", schemaPath: "#/properties/bpf/properties/timeoutsMs/required", keyword: "required", params: { missingProperty: "udp" }, message: "must have required property 'udp'" };
              if (vErrors === null) {
                vErrors = [err72];
              } else {
                vErrors.push(err72);
              }
              errors++;
            }
            if (data29.udpStream === void 0) {
              const err73 = { instancePath: instancePath + "/bpf/timeoutsMs", schemaPath: "#/properties/bpf/properties/timeoutsMs/required", keyword: "required", params: { missingProperty: "udpStream" }, message: "must have required property 'udpStream'" };
              if (vErrors === null) {
                vErrors = [err73];
              } else {
                vErrors.push(err73);
              }
              errors++;
            }
            if (data29.icmp === void 0) {
              const err74 = { instancePath: instancePath + "/bpf/timeoutsMs", schemaPath: "#/properties/bpf/properties/timeoutsMs/required", keyword: "required", params: { missingProperty: "icmp" }, message: "must have required property 'icmp'" };
              if (vErrors === null) {
                vErrors = [err74];
              } else {
                vErrors.push(err74);
              }
              errors++;
            }
            if (data29.generic === void 0) {
              const err75 = { instancePath: instancePath + "/bpf/timeoutsMs", schemaPath: "#/properties/bpf/properties/timeoutsMs/required", keyword: "required", params: { missingProperty: "generic" }, message: "must have required property 'generic'" };
              if (vErrors === null) {
                vErrors = [err75];
              } else {
                vErrors.push(err75);
              }
              errors++;
            }
            if (data29.tcpSyn !== void 0) {
              let data30 = data29.tcpSyn;
              if (!(typeof data30 == "number" && (!(data30 % 1) && !isNaN(data30)))) {
                const err76 = { instancePath: instancePath + "/bpf/timeoutsMs/tcpSyn", schemaPath: "#/properties/bpf/properties/timeoutsMs/properties/tcpSyn/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                if (vErrors === null) {
                  vErrors = [err76];
                } else {
                  vErrors.push(err76);
                }
                errors++;
              }
              if (typeof data30 == "number") {
                if (data30 < 1e3 || isNaN(data30)) {
                  const err77 = { instancePath: instancePath + "/bpf/timeoutsMs/tcpSyn", schemaPath: "#/properties/bpf/properties/timeoutsMs/properties/tcpSyn/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1e3 }, message: "must be >= 1000" };
                  if (vErrors === null) {
                    vErrors = [err77];
                  } else {
                    vErrors.push(err77);
                  }
                  errors++;
                }
              }
            }
            if (data29.tcpEstablished !== void 0) {
              let data31 = data29.tcpEstablished;
              if (!(typeof data31 == "number" && (!(data31 % 1) && !isNaN(data31)))) {
                const err78 = { instancePath: instancePath + "/bpf/timeoutsMs/tcpEstablished", schemaPath: "#/properties/bpf/properties/timeoutsMs/properties/tcpEstablished/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                if (vErrors === null) {
                  vErrors = [err78];
                } else {
                  vErrors.push(err78);
                }
                errors++;
              }
              if (typeof data31 == "number") {
                if (data31 < 1e3 || isNaN(data31)) {
                  const err79 = { instancePath: instancePath + "/bpf/timeoutsMs/tcpEstablished", schemaPath: "#/properties/bpf/properties/timeoutsMs/properties/tcpEstablished/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1e3 }, message: "must be >= 1000" };
                  if (vErrors === null) {
                    vErrors = [err79];
                  } else {
                    vErrors.push(err79);
                  }
                  errors++;
                }
              }
            }
            if (data29.tcpClosing !== void 0) {
              let data32 = data29.tcpClosing;
              if (!(typeof data32 == "number" && (!(data32 % 1) && !isNaN(data32)))) {
                const err80 = { instancePath: instancePath + "/bpf/timeoutsMs/tcpClosing", schemaPath: "#/properties/bpf/properties/timeoutsMs/properties/tcpClosing/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                if (vErrors === null) {
                  vErrors = [err80];
                } else {
                  vErrors.push(err80);
                }
                errors++;
              }
              if (typeof data32 == "number") {
                if (data32 < 1e3 || isNaN(data32)) {
                  const err81 = { instancePath: instancePath + "/bpf/timeoutsMs/tcpClosing", schemaPath: "#/properties/bpf/properties/timeoutsMs/properties/tcpClosing/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1e3 }, message: "must be >= 1000" };
                  if (vErrors === null) {
                    vErrors = [err81];
                  } else {
                    vErrors.push(err81);
                  }
                  errors++;
                }
              }
            }
            if (data29.tcpReset !== void 0) {
              let data33 = data29.tcpReset;
              if (!(typeof data33 == "number" && (!(data33 % 1) && !isNaN(data33)))) {
                const err82 = { instancePath: instancePath + "/bpf/timeoutsMs/tcpReset", schemaPath: "#/properties/bpf/properties/timeoutsMs/properties/tcpReset/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                if (vErrors === null) {
                  vErrors = [err82];
                } else {
                  vErrors.push(err82);
                }
                errors++;
              }
              if (typeof data33 == "number") {
                if (data33 < 1e3 || isNaN(data33)) {
                  const err83 = { instancePath: instancePath + "/bpf/timeoutsMs/tcpReset", schemaPath: "#/properties/bpf/properties/timeoutsMs/properties/tcpReset/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1e3 }, message: "must be >= 1000" };
                  if (vErrors === null) {
                    vErrors = [err83];
                  } else {
                    vErrors.push(err83);
                  }
                  errors++;
                }
              }
            }
            if (data29.udp !== void 0) {
              let data34 = data29.udp;
              if (!(typeof data34 == "number" && (!(data34 % 1) && !isNaN(data34)))) {
                const err84 = { instancePath: instancePath + "/bpf/timeoutsMs/udp", schemaPath: "#/properties/bpf/properties/timeoutsMs/properties/udp/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                if (vErrors === null) {
                  vErrors = [err84];
                } else {
                  vErrors.push(err84);
                }
                errors++;
              }
              if (typeof data34 == "number") {
                if (data34 < 1e3 || isNaN(data34)) {
                  const err85 = { instancePath: instancePath + "/bpf/timeoutsMs/udp", schemaPath: "#/properties/bpf/properties/timeoutsMs/properties/udp/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1e3 }, message: "must be >= 1000" };
                  if (vErrors === null) {
                    vErrors = [err85];
                  } else {
                    vErrors.push(err85);
                  }
                  errors++;
                }
              }
            }
            if (data29.udpStream !== void 0) {
              let data35 = data29.udpStream;
              if (!(typeof data35 == "number" && (!(data35 % 1) && !isNaN(data35)))) {
                const err86 = { instancePath: instancePath + "/bpf/timeoutsMs/udpStream", schemaPath: "#/properties/bpf/properties/timeoutsMs/properties/udpStream/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                if (vErrors === null) {
                  vErrors = [err86];
                } else {
                  vErrors.push(err86);
                }
                errors++;
              }
              if (typeof data35 == "number") {
                if (data35 < 1e3 || isNaN(data35)) {
                  const err87 = { instancePath: instancePath + "/bpf/timeoutsMs/udpStream", schemaPath: "#/properties/bpf/properties/timeoutsMs/properties/udpStream/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1e3 }, message: "must be >= 1000" };
                  if (vErrors === null) {
                    vErrors = [err87];
                  } else {
                    vErrors.push(err87);
                  }
                  errors++;
                }
              }
            }
            if (data29.icmp !== void 0) {
              let data36 = data29.icmp;
              if (!(typeof data36 == "number" && (!(data36 % 1) && !isNaN(data36)))) {
                const err88 = { instancePath: instancePath + "/bpf/timeoutsMs/icmp", schemaPath: "#/properties/bpf/properties/timeoutsMs/properties/icmp/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                if (vErrors === null) {
                  vErrors = [err88];
                } else {
                  vErrors.push(err88);
                }
                errors++;
              }
              if (typeof data36 == "number") {
                if (data36 < 1e3 || isNaN(data36)) {
                  const err89 = { instancePath: instancePath + "/bpf/timeoutsMs/icmp", schemaPath: "#/properties/bpf/properties/timeoutsMs/properties/icmp/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1e3 }, message: "must be >= 1000" };
                  if (vErrors === null) {
                    vErrors = [err89];
                  } else {
                    vErrors.push(err89);
                  }
                  errors++;
                }
              }
            }
            if (data29.generic !== void 0) {
              let data37 = data29.generic;
              if (!(typeof data37 == "number" && (!(data37 % 1) && !isNaN(data37)))) {
                const err90 = { instancePath: instancePath + "/bpf/timeoutsMs/generic", schemaPath: "#/properties/bpf/properties/timeoutsMs/properties/generic/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                if (vErrors === null) {
                  vErrors = [err90];
                } else {
                  vErrors.push(err90);
                }
                errors++;
              }
              if (typeof data37 == "number") {
                if (data37 < 1e3 || isNaN(data37)) {
                  const err91 = { instancePath: instancePath + "/bpf/timeoutsMs/generic", schemaPath: "#/properties/bpf/properties/timeoutsMs/properties/generic/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1e3 }, message: "must be >= 1000" };
                  if (vErrors === null) {
                    vErrors = [err91];
                  } else {
                    vErrors.push(err91);
                  }
                  errors++;
                }
              }
            }
          } else {
            const err92 = { instancePath: instancePath + "/bpf/timeoutsMs", schemaPath: "#/properties/bpf/properties/timeoutsMs/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err92];
            } else {
              vErrors.push(err92);
            }
            errors++;
          }
        }
      } else {
        const err93 = { instancePath: instancePath + "/bpf", schemaPath: "#/properties/bpf/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err93];
        } else {
          vErrors.push(err93);
        }
        errors++;
      }
    }
    if (data.logLevel !== void 0) {
      let data38 = data.logLevel;
      if (!(data38 === "Error" || data38 === "Warn" || data38 === "Info" || data38 === "Debug")) {
        const err94 = { instancePath: instancePath + "/logLevel", schemaPath: "#/properties/logLevel/enum", keyword: "enum", params: { allowedValues: schema11.properties.logLevel.enum }, message: "must be equal to one of the allowed values" };
        if (vErrors === null) {
          vErrors = [err94];
        } else {
          vErrors.push(err94);
        }
        errors++;
      }
    }
    if (data.bpfLogLevel !== void 0) {
      let data39 = data.bpfLogLevel;
      if (!(data39 === "Disabled" || data39 === "Info" || data39 === "Debug")) {
        const err95 = { instancePath: instancePath + "/bpfLogLevel", schemaPath: "#/properties/bpfLogLevel/enum", keyword: "enum", params: { allowedValues: schema11.properties.bpfLogLevel.enum }, message: "must be equal to one of the allowed values" };
        if (vErrors === null) {
          vErrors = [err95];
        } else {
          vErrors.push(err95);
        }
        errors++;
      }
    }
    if (data.metricsPort !== void 0) {
      let data40 = data.metricsPort;
      if (!(typeof data40 == "number" && (!(data40 % 1) && !isNaN(data40)))) {
        const err96 = { instancePath: instancePath + "/metricsPort", schemaPath: "#/properties/metricsPort/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
        if (vErrors === null) {
          vErrors = [err96];
        } else {
          vErrors.push(err96);
        }
        errors++;
      }
      if (typeof data40 == "number") {
        if (data40 > 65535 || isNaN(data40)) {
          const err97 = { instancePath: instancePath + "/metricsPort", schemaPath: "#/properties/metricsPort/maximum", keyword: "maximum", params: { comparison: "<=", limit: 65535 }, message: "must be <= 65535" };
          if (vErrors === null) {
            vErrors = [err97];
          } else {
            vErrors.push(err97);
          }
          errors++;
        }
        if (data40 < 1024 || isNaN(data40)) {
          const err98 = { instancePath: instancePath + "/metricsPort", schemaPath: "#/properties/metricsPort/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1024 }, message: "must be >= 1024" };
          if (vErrors === null) {
            vErrors = [err98];
          } else {
            vErrors.push(err98);
          }
          errors++;
        }
      }
    }
  } else {
    const err99 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err99];
    } else {
      vErrors.push(err99);
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
