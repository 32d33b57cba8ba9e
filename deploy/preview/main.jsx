import React from 'react';
import { createRoot } from 'react-dom/client';
import { cacheFieldDisplayNames, getFieldDisplayName, createTheme, ThemeContext, createFieldConfigRegistry, standardEditorsRegistry, standardFieldConfigEditorRegistry, applyFieldOverrides, toDataFrame, FieldType, identityOverrideProcessor, dateTime, getFieldDisplayValues, standardTransformersRegistry, standardTransformers, transformDataFrame, LoadingState, getDisplayProcessor, thresholdsOverrideProcessor, valueMappingsOverrideProcessor, displayNameOverrideProcessor, numberOverrideProcessor, unitOverrideProcessor, VizOrientation } from '@grafana/data';
import { PanelChrome, TimeSeries, BigValue, BarGauge, GlobalStyles, BigValueColorMode, BigValueGraphMode, BigValueTextMode, BigValueJustifyMode, Table } from '@grafana/ui';
import { TableNG } from '@grafana/ui/unstable';
import { lastValueFrom, of } from 'rxjs';
import { initPluginTranslations } from '@grafana/i18n';

const theme = createTheme({ colors: { mode: new URLSearchParams(location.search).get('theme') || 'dark' } });
const ASKED = new URLSearchParams(location.search);
const PROM = '/prom', RANGE = Number(ASKED.get('range') || 21600);
const WIDTH = Math.max(1000, window.innerWidth - 40), COLS = 24, CELL = 30, GAP = 8;

try { standardEditorsRegistry.setInit(() => []); } catch (e) {}
const T = [...new Map(Object.values(standardTransformers || {}).filter(t => t && t.id && (t.operator||t.transformer)).map(t => [t.id, t])).values()].map(t => ({ id: t.id, aliasIds: t.aliasIds, name: t.name || t.id, transformation: async () => t, description: '', editor: () => null, imageDark: '', imageLight: '' }));
standardTransformersRegistry.setInit(() => T);

const STD = { unit: unitOverrideProcessor, min: numberOverrideProcessor, max: numberOverrideProcessor, decimals: numberOverrideProcessor, displayName: displayNameOverrideProcessor, noValue: identityOverrideProcessor, color: identityOverrideProcessor, thresholds: thresholdsOverrideProcessor, mappings: valueMappingsOverrideProcessor, links: identityOverrideProcessor, filterable: identityOverrideProcessor, actions: identityOverrideProcessor };
const stdItems = Object.entries(STD).map(([id, process]) => ({ id, path: id, name: id, process: process || identityOverrideProcessor, editor: () => null, override: () => null, shouldApply: () => true, settings: {} }));
standardFieldConfigEditorRegistry.setInit(() => stdItems);

function registryFor(panel) {
  const keys = new Set(Object.keys(panel.fieldConfig?.defaults?.custom || {}));
  for (const o of panel.fieldConfig?.overrides || []) for (const p of o.properties) if (p.id.startsWith('custom.')) keys.add(p.id.slice(7));
  const reg = createFieldConfigRegistry({ useCustomConfig: () => {} }, panel.type);
  for (const k of keys) reg.register({ id: 'custom.' + k, path: k, name: k, isCustom: true, process: identityOverrideProcessor, editor: () => null, override: () => null, shouldApply: () => true, settings: {} });
  return reg;
}

function interp(s, vars) {
  return s.replace(/\$\{(\w+)(?::\w+)?\}|\$(\w+)/g, (m, a, b) => (a || b) in vars ? vars[a || b] : m);
}
async function query(panel, vars, from, to) {
  const frames = [];
  for (const [i, t] of (panel.targets || []).entries()) {
    const expr = interp(t.expr, vars); const day = panel.interval === '1d', step = day ? 86400 : Math.max(1, Math.ceil((to - from) / 300)); if (day) from = Math.ceil(from / 86400) * 86400 - 3600 * Number(ASKED.get('offset') || 0);
    const ep = t.instant ? `query?time=${to}` : `query_range?start=${from}&end=${to}&step=${step}`;
    const r = await (await fetch(`${PROM}/api/v1/${ep}&query=${encodeURIComponent(expr)}`)).json();
    if (r.status !== 'success') throw new Error(r.error + ' in ' + expr);
    const refId = t.refId || String.fromCharCode(65 + i);
    const name = m => t.legendFormat && t.legendFormat !== '__auto' ? t.legendFormat.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, l) => m[l] ?? '') : undefined;
    const res = r.data.result;
    if (t.format === 'table') {
      const labels = [...new Set(res.flatMap(s => Object.keys(s.metric)))].sort();
      frames.push(toDataFrame({ refId, fields: [
        { name: 'Time', type: FieldType.time, values: res.map(s => s.value[0] * 1000) },
        ...labels.map(l => ({ name: l, type: FieldType.string, values: res.map(s => s.metric[l] ?? '') })),
        { name: panel.targets.length > 1 ? 'Value #' + refId : 'Value', type: FieldType.number, values: res.map(s => Number(s.value[1])) }] }));
    } else for (const s of res) {
      const vals = s.values || [s.value]; const labels = { ...s.metric }; delete labels.__name__;
      frames.push(toDataFrame({ refId, fields: [
        { name: 'Time', type: FieldType.time, values: vals.map(v => v[0] * 1000), config: { interval: step * 1000 } },
        { name: 'Value', type: FieldType.number, labels, config: { displayNameFromDS: name(s.metric) }, values: vals.map(v => Number(v[1])) }] }));
    }
  }
  return frames;
}
async function frames(panel, vars, range) {
  panel.fieldConfig ??= { defaults: {}, overrides: [] }; const d = panel.fieldConfig.defaults;
  d.color ??= { mode: panel.type === 'timeseries' ? 'palette-classic' : 'thresholds' };
  d.thresholds ??= { mode: 'absolute', steps: [{ color: 'green', value: null }, { color: 'red', value: 80 }] }; if (d.thresholds.steps[0]) d.thresholds.steps[0].value = -Infinity;
  let fs = await query(panel, vars, range.from, range.to);
  if (panel.transformations?.length) fs = await lastValueFrom(transformDataFrame(panel.transformations, fs));
  const done = applyFieldOverrides({ data: fs, fieldConfig: panel.fieldConfig || { defaults: {}, overrides: [] }, fieldConfigRegistry: registryFor(panel), replaceVariables: s => interp(s, vars), theme, timeZone: ASKED.get('tz') || 'utc' }); cacheFieldDisplayNames(done); return done;
}
function StateTimeline({ fs, width, height, range }) {
  const lanes = fs.flatMap(f => f.fields.filter(x => x.type !== FieldType.time).map(v => ({ t: f.fields.find(x => x.type === FieldType.time).values, v })));
  const h = Math.min(40, (height - 24) / Math.max(1, lanes.length)), L = 160;
  return <svg width={width} height={height}>{lanes.map((l, i) => <g key={i}><text x={4} y={i * h + h / 2 + 4} fill={theme.colors.text.primary} fontSize="12">{l.v.config.displayNameFromDS || getFieldDisplayName(l.v)}</text>
    {Array.from(l.t).map((t, k) => { const d = l.v.display(l.v.values[k]); const t2 = l.t[k + 1] ?? range.to * 1000; const x = a => L + (a / 1000 - range.from) / (range.to - range.from) * (width - L - 8);
      return <rect key={k} x={x(t)} width={Math.max(0.5, x(t2) - x(t))} y={i * h + 3} height={h - 6} fill={d.color || '#888'} fillOpacity=".7" />; })}</g>)}</svg>;
}
function Viz({ panel, fs, width, height, range }) {
  const tr = { from: dateTime(range.from * 1000), to: dateTime(range.to * 1000), raw: { from: 'now-' + RANGE + 's', to: 'now' } };
  if (panel.type === 'timeseries') return <TimeSeries frames={fs} width={width} height={height} timeRange={tr} timeZone={ASKED.get('tz') || 'utc'} legend={panel.options.legend} options={panel.options} />;
  if (panel.type === 'stat' || panel.type === 'bargauge' || panel.type === 'gauge') {
    const vals = getFieldDisplayValues({ fieldConfig: panel.fieldConfig, reduceOptions: panel.options.reduceOptions, replaceVariables: s => s, theme, data: fs, sparkline: panel.options.graphMode !== 'none', timeZone: ASKED.get('tz') || 'utc' });
    const w = width / Math.max(1, vals.length);
    return <div style={{ display: 'flex' }}>{vals.map((v, i) => panel.type === 'stat'
      ? <BigValue key={i} count={vals.length} value={v.display} sparkline={v.sparkline} width={w} height={height} theme={theme} colorMode={panel.options.colorMode} graphMode={panel.options.graphMode} textMode={panel.options.textMode} justifyMode={panel.options.justifyMode} text={panel.options.text} />
      : <BarGauge key={i} value={v.display} field={v.field} display={v.view?.getFieldDisplayProcessor(v.colIndex)} width={w} height={height} theme={theme} orientation={VizOrientation.Horizontal} displayMode={panel.options.displayMode || 'gradient'} />)}</div>;
  }
  if (panel.type === 'table') {
    const f0 = fs[0]; if (!f0 || !f0.length) return <div style={{ display: 'flex', height, alignItems: 'center', justifyContent: 'center', color: theme.colors.text.secondary }}>{panel.fieldConfig.defaults.noValue || 'No data'}</div>;
    return <TableNG data={f0} width={width} height={height} showTypeIcons={false} timeRange={tr} sortBy={panel.options.sortBy} cellHeight={panel.options.cellHeight} />; }
  if (panel.type === 'state-timeline') return <StateTimeline fs={fs} width={width} height={height} range={range} />;
  return <div>unsupported panel type {panel.type}</div>;
}
class Catch extends React.Component { constructor(p) { super(p); this.state = {}; } static getDerivedStateFromError(e) { return { e }; } render() { return this.state.e ? <pre style={{ color: 'red' }}>{String(this.state.e.stack)}</pre> : this.props.children; } }
(async () => {
  try { await initPluginTranslations('x'); } catch (e) { console.log('i18n', e); }
  const dash = await (await fetch('/dashboard.json')).json();
  const to = Number(ASKED.get('to')) || Math.floor(Date.now() / 1000), range = { from: to - RANGE, to };
  const vars = { datasource: 'prom', __rate_interval: '1m', __interval: '15s', __range: '900s' };
  for (const v of dash.templating.list) {
    if (v.type === 'datasource') continue;
    const current = v.current?.value;
    vars[v.name] = v.type === 'query' && v.includeAll ? (v.allValue || '.*') : String(Array.isArray(current) ? current[0] : current ?? '.*');
    if (vars[v.name] === '$__all' || vars[v.name] === '') vars[v.name] = v.allValue || '.*';
  }
  for (const [k, val] of ASKED) if (k.startsWith('var-')) vars[k.slice(4)] = val;
  vars.__range = RANGE + 's'; vars.__range_s = String(RANGE); vars.__interval = Math.max(15, Math.ceil(RANGE / 300)) + 's'; vars.__rate_interval = Math.max(240, Math.ceil(RANGE / 300)) + 's';
  const col = WIDTH / COLS; const out = []; window.__errors = [];
  const open = ASKED.get('open') ? dash.panels.flatMap(p => p.panels?.length ? [p, ...p.panels] : [p]) : dash.panels;
  if (open !== dash.panels) { let shift = 0; for (const p of dash.panels) { p.gridPos.y += shift; if (p.panels?.length) { for (const q of p.panels) q.gridPos.y += shift; shift += Math.max(...p.panels.map(q => q.gridPos.y + q.gridPos.h)) - p.gridPos.y - 1; } } }
  for (const panel of open) {
    const g = panel.gridPos; const box = { position: 'absolute', left: g.x * col, top: g.y * (CELL + GAP), width: g.w * col - GAP, height: g.h * (CELL + GAP) - GAP };
    if (panel.type === 'row') { out.push(<div key={out.length} style={{ ...box, color: theme.colors.text.primary, font: '500 16px Inter,sans-serif' }}>▾ {panel.title}</div>); continue; }
    let fs, err; try { fs = await frames(panel, vars, range); } catch (e) { err = e; window.__errors.push(panel.title + ': ' + e.stack); }
    out.push(<div key={out.length} style={box}><PanelChrome title={interp(panel.title || '', vars)} description={panel.description} width={box.width} height={box.height} loadingState={LoadingState.Done}>
      {(w, h) => err ? <pre style={{ color: 'red' }}>{String(err.stack)}</pre> : <Catch><Viz panel={panel} fs={fs} width={w} height={h} range={range} /></Catch>}</PanelChrome></div>);
  }
  const H = Math.max(...open.map(p => p.gridPos.y + p.gridPos.h)) * (CELL + GAP) + 60;
  document.body.style.background = theme.colors.background.canvas;
  createRoot(document.getElementById('root')).render(<ThemeContext.Provider value={theme}><GlobalStyles /><h2 style={{ color: theme.colors.text.primary, font: '500 18px Inter,sans-serif', margin: '10px' }}>{dash.title}</h2><div style={{ position: 'relative', margin: 10, width: WIDTH, height: H }}>{out}</div></ThemeContext.Provider>);
  setTimeout(() => { document.title = 'done ' + window.__errors.length; console.log('ERRORS', JSON.stringify(window.__errors)); }, 1500);
})().catch(e => { document.body.innerHTML = '<pre style="color:red">' + e.stack + '</pre>'; });
