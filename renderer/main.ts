import { mount } from 'svelte';
import App from './app/App.svelte';
import { createPlatform } from './app/create-platform.ts';
import './ui/tokens.css';
import './ui/base.css';

const target = document.getElementById('app');
if (target !== null) mount(App, { target, props: { platform: createPlatform(window) } });
